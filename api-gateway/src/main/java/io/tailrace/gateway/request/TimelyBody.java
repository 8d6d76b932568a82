package io.tailrace.gateway.request;

import io.tailrace.gateway.problem.RunProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Reads a body that is bounded in bytes and in time. A client that sends a byte now and then never lets the server's idle
 * time-out come, and keeps what stands behind the body: memory, or one of the few places for uploads. Immutable.
 */
public final class TimelyBody {
    /** How long a body may take however short it is; and again for each so many bytes that have come. */
    static final Duration GRACE = Duration.ofSeconds(30);

    static final int BYTES_A_SECOND = 16 * 1024;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;

    TimelyBody(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** By the system's clock. */
    public TimelyBody() {
        this(System::nanoTime);
    }

    /**
     * The bytes of a body, or one more than this many of a longer one. Blocks until they are there.
     *
     * @throws RunProblem {@code request_timeout} if they come too slowly
     */
    public byte[] read(InputStream in, int atMost) throws IOException {
        long began = nanoTime.getAsLong();
        ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min(atMost, 8192));
        byte[] buffer = new byte[8192];
        int read = 0;
        while (read >= 0 && body.size() <= atMost) {
            body.write(buffer, 0, read);
            if (isLate(began, body.size())) {
                throw RunProblem.bodyTooSlow();
            }
            read = in.read(buffer, 0, Math.min(buffer.length, atMost + 1 - body.size()));
        }
        return body.toByteArray();
    }

    /** Throws a rest away: at most so much of it, and no longer than it may take. */
    public void discard(InputStream in, int atMost) throws IOException {
        long began = nanoTime.getAsLong();
        byte[] buffer = new byte[8192];
        int read = 0;
        for (int all = 0; read >= 0 && all < atMost && !isLate(began, all); all += read) {
            read = in.read(buffer, 0, Math.min(buffer.length, atMost - all));
        }
    }

    private boolean isLate(long began, long bytes) {
        return nanoTime.getAsLong() - began > GRACE.toNanos() + bytes * SECOND / BYTES_A_SECOND;
    }
}
