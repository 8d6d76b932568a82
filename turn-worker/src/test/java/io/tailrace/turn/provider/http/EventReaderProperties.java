package io.tailrace.turn.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Streams of events from outside: the same events however they are cut, and no bytes that do more than fail in order. */
class EventReaderProperties {

    /** What an event is made of, by the format's own rules: a name, lines of data, and things that are neither. */
    record Written(String name, List<String> data, String noise) {}

    @Provide
    Arbitrary<List<Written>> written() {
        Arbitrary<String> text = Arbitraries.strings().withChars("ab{}\":1 é日").ofMaxLength(12);
        Arbitrary<String> noise = Arbitraries.of("", ": ping", "id: 7", "retry: 9", "unknown", "unknown: x", ":");
        Arbitrary<Written> one = Combinators.combine(
                        Arbitraries.of("", "ping", "error"), text.list().ofMaxSize(3), noise)
                .as(Written::new);
        return one.list().ofMaxSize(6);
    }

    @Property(tries = 400)
    void eventsAreTheSameWhateverTheLineEndAndTheChunks(
            @ForAll("written") List<Written> written,
            @ForAll("ends") String end,
            @ForAll boolean mark,
            @ForAll("chunk") int chunk)
            throws IOException {
        StringBuilder text = new StringBuilder(mark ? "\ufeff" : "");
        List<EventReader.Event> expected = new ArrayList<>();
        for (Written event : written) {
            if (!event.noise().isEmpty()) {
                text.append(event.noise()).append(end);
            }
            if (!event.name().isEmpty()) {
                text.append("event: ").append(event.name()).append(end);
            }
            event.data().forEach(line -> text.append("data:").append(line).append(end));
            text.append(end);
            String data = String.join("\n", event.data()).strip();
            if (!data.isEmpty()) {
                expected.add(new EventReader.Event(event.name(), data, false));
            }
        }

        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(read(new Chunks(bytes, chunk))).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<Integer> chunk() {
        return Arbitraries.integers().between(1, 9);
    }

    @Property(tries = 2000)
    void anyBytesAreReadToTheirEnd(@ForAll byte[] bytes) throws IOException {
        for (EventReader.Event event : read(new ByteArrayInputStream(bytes))) {
            assertThat(event.data()).isNotBlank();
        }
    }

    private static List<EventReader.Event> read(InputStream in) throws IOException {
        EventReader reader = new EventReader(in);
        List<EventReader.Event> events = new ArrayList<>();
        Optional<EventReader.Event> next = reader.next();
        while (next.isPresent()) {
            events.add(next.get());
            next = reader.next();
        }
        return events;
    }

    /** Gives so many bytes at a time. */
    private static final class Chunks extends InputStream {
        private final ByteArrayInputStream bytes;
        private final int size;

        Chunks(byte[] bytes, int size) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.size = size;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, Math.min(length, size));
        }
    }
}
