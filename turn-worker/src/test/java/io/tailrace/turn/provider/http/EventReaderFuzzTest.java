package io.tailrace.turn.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged streams of events: events in order and then an end, whatever the bytes are, and none without a bound. */
class EventReaderFuzzTest {
    private static final int TRIES = Integer.getInteger("tailrace.fuzz.tries", 20_000);
    private static final long SEED = Long.getLong("tailrace.fuzz.seed", 1);

    private static final String GOOD = """
            : ping

            event: message_start
            data: {"type":"message_start","message":{"id":"m"}}

            data: {"choices":[{"delta":
            data: {"content":"Hello é 日"}}]}
            id: 7
            retry: 10

            data: [DONE]

            """;

    @Test
    void damagedStreamsHaveAnEndAndNoEventThatWasNotSent() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Random random = new Random(SEED * 1_000_003 + i);
            byte[] bytes = damaged(GOOD.getBytes(StandardCharsets.UTF_8), random);
            EventReader reader = new EventReader(new ByteArrayInputStream(bytes));
            int events = 0;
            int characters = 0;
            boolean last = false;
            for (Optional<EventReader.Event> next = reader.next(); next.isPresent(); next = reader.next()) {
                assertThat(last).as("%s: an event after the last one", i).isFalse();
                last = next.get().last();
                events++;
                characters += next.get().data().length();
                assertThat(next.get().data()).as("%s", i).isNotBlank();
            }
            assertThat(events).as("%s", i).isLessThanOrEqualTo(bytes.length / 6);
            assertThat(characters).as("%s", i).isLessThanOrEqualTo(bytes.length);
        }
    }

    @Test
    void anEventWithoutAnEndIsRefusedBeforeItFillsTheMemory() {
        for (String piece : new String[] {"x", "data: x\n", "data:"}) {
            assertThatThrownBy(() -> new EventReader(new Endless(piece)).next()).isInstanceOf(IOException.class);
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        StringBuilder text = new StringBuilder(new String(good, StandardCharsets.ISO_8859_1));
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int at = random.nextInt(Math.max(1, text.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setLength(at);
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.insert(at, text.substring(at));
                default -> text.insert(at, "\r\n:\u0000 ".charAt(random.nextInt(5)));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The same piece for ever. */
    private static final class Endless extends InputStream {
        private final byte[] piece;
        private int at;

        Endless(String piece) {
            this.piece = piece.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int read() {
            int next = piece[at];
            at = (at + 1) % piece.length;
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            for (int i = 0; i < length; i++) {
                into[offset + i] = (byte) read();
            }
            return length;
        }
    }
}
