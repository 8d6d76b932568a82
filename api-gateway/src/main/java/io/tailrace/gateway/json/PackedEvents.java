package io.tailrace.gateway.json;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact.ModelDelta;
import java.time.Instant;
import java.util.Optional;

/**
 * A record that holds a window of what a process printed or a model wrote: each member is an event of its own in the
 * order, and clients see each by itself. Immutable.
 */
sealed interface PackedEvents {
    /** The members of a record that says this; empty if it is an event itself. */
    static Optional<PackedEvents> of(DecodedEvent event) {
        return switch (event) {
            case DecodedEvent.OfStage(Instant _, StageFact.Packed window) -> Optional.of(of(window));
            case DecodedEvent.OfStage _, DecodedEvent.OfRun _ -> Optional.empty();
        };
    }

    private static PackedEvents of(StageFact.Packed window) {
        return switch (window) {
            case ConsoleLines lines -> new Lines(lines);
            case ModelDelta deltas -> new Deltas(deltas);
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
