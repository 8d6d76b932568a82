package io.tailrace.gateway.json;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.log.EventType;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.TurnFact.ModelDelta;
import java.util.Optional;

/**
 * A record that holds a window of what a process printed or a model wrote: each member is an event of its own in the
 * order, and clients see each by itself. Immutable.
 */
sealed interface PackedEvents {
    /** What a packed record's members are called where they are shown one by one. */
    enum Kind {
        CONSOLE_LINE(EventType.CONSOLE_LINES, "console.line"),
        MODEL_DELTA(EventType.MODEL_DELTA, "model.delta");

        private final EventType record;
        private final String shown;

        Kind(EventType record, String shown) {
            this.record = record;
            this.shown = shown;
        }

        /** What records with this type in their headers hold; empty if they are events themselves. */
        static Optional<Kind> ofRecord(String type) {
            for (Kind kind : values()) {
                if (kind.record.wireName().equals(type)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        String shown() {
            return shown;
        }
    }

    /** The members of a record with this payload; empty if it is an event itself. */
    static Optional<PackedEvents> of(Record payload) {
        return switch (payload) {
            case ConsoleLines lines -> Optional.of(new Lines(lines));
            case ModelDelta window -> Optional.of(new Deltas(window));
            default -> Optional.empty();
        };
    }

    /** The beginning of every member's payload. */
    void begin(JsonBytes out);

    /** The rest of the payload of one member, its end included. {@code index} is from 0. */
    void end(JsonBytes out, int index);

    /** What a process printed. */
    record Lines(ConsoleLines window) implements PackedEvents {
        @Override
        public void begin(JsonBytes out) {
            out.raw("{\"scope\":").text(window.scope());
            window.phase().ifPresent(it -> out.raw(",\"phase\":").text(it));
        }

        @Override
        public void end(JsonBytes out, int index) {
            ConsoleLine line = window.lines().get(index);
            out.raw(stream(line.stream()))
                    .raw(end(line.end()))
                    .text(line.text())
                    .raw("}");
        }

        private static String stream(ConsoleStream stream) {
            return switch (stream) {
                case STDOUT -> ",\"stream\":\"stdout\"";
                case STDERR -> ",\"stream\":\"stderr\"";
            };
        }

        private static String end(LineEnd end) {
            return switch (end) {
                case NEWLINE -> ",\"end\":\"newline\",\"text\":";
                case PARTIAL -> ",\"end\":\"partial\",\"text\":";
                case SPLIT -> ",\"end\":\"split\",\"text\":";
                case EOF -> ",\"end\":\"eof\",\"text\":";
            };
        }
    }

    /** What a model wrote. */
    record Deltas(ModelDelta window) implements PackedEvents {
        @Override
        public void begin(JsonBytes out) {
            // The deltas of a window have nothing in common.
        }

        @Override
        public void end(JsonBytes out, int index) {
            out.value(WireTree.of(window.deltas().get(index)));
        }
    }
}
