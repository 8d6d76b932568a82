package io.tailrace.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.gateway.problem.RunProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long a body may take to come. */
class TimelyBodyTest {
    private final AtomicLong now = new AtomicLong(7);
    private final TimelyBody bodies = new TimelyBody(now::get);

    @Test
    void aByteNowAndThenIsTooSlowLongBeforeTheServerCallsItIdle() {
        Dripping endless = new Dripping(Integer.MAX_VALUE, 1, Duration.ofSeconds(9));

        assertThatThrownBy(() -> bodies.read(endless, 1 << 20))
                .isInstanceOfSatisfying(
                        RunProblem.class, it -> assertThat(it.status()).isEqualTo(408));
        assertThat(now.get()).isLessThan(TimelyBody.GRACE.plusSeconds(10).toNanos());
    }

    @Test
    void aLargeBodyOverASlowLineIsTaken() throws IOException {
        Dripping modem = new Dripping(3 << 20, 8192, Duration.ofMillis(400));

        assertThat(bodies.read(modem, 1 << 22)).hasSize(3 << 20);
    }

    @Test
    void aBodyThatComesAfterAPauseIsTaken() throws IOException {
        assertThat(bodies.read(new Dripping(2, 1, Duration.ofSeconds(14)), 10)).hasSize(2);
    }

    @Test
    void noMoreThanOneByteOverTheLimitIsRead() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[50_000]);

        assertThat(bodies.read(in, 20_000)).hasSize(20_001);
        assertThat(in.available()).isEqualTo(29_999);
    }

    /** So many bytes, some at a time, each piece after a while. */
    private final class Dripping extends InputStream {
        private final int atOnce;
        private final Duration pause;
        private int left;

        Dripping(int bytes, int atOnce, Duration pause) {
            this.left = bytes;
            this.atOnce = atOnce;
            this.pause = pause;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("nobody reads single bytes");
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            now.addAndGet(pause.toNanos());
            int read = Math.min(left, Math.min(atOnce, length));
            left -= read;
            return read;
        }
    }
}
