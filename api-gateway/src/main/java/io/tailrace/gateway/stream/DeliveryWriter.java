package io.tailrace.gateway.stream;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Writes what a feed of a run gives, as frames. Confined to the thread that reads the feed. */
final class DeliveryWriter {
    private final RunFrames frames;
    private final Sink sink;
    private final StreamMeters meters;

    /** Where the frames go, and what ids they get there. */
    interface Sink {
        /**
         * Takes frames of events.
         *
         * @param after the place after the last of them
         */
        void events(byte[] bytes, RunCursor after) throws IOException;

        /**
         * Takes what is said between events.
         *
         * @param place where the client is then, if it is not the place after the last event that was written
         * @param frame makes it of the id that it is to have
         */
        void control(Optional<RunCursor> place, Function<String, byte[]> frame) throws IOException;
    }

    DeliveryWriter(RunFrames frames, Sink sink, StreamMeters meters) {
        this.frames = frames;
        this.sink = sink;
        this.meters = meters;
    }

    /**
     * Writes deliveries.
     *
     * @param ending asked before each; a client that reads slowly is not waited for at the gateway's end
     * @return whether all were written
     */
    boolean write(List<Delivery> deliveries, BooleanSupplier ending) throws IOException {
        for (Delivery delivery : deliveries) {
            if (ending.getAsBoolean()) {
                return false;
            }
            write(delivery);
        }
        return true;
    }

    /** Counts deliveries that have just come, and have just been sent. */
    void sentLive(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            if (delivery instanceof Delivery.Events events) {
                meters.wrote(events.item().record().timestamp());
            }
        }
    }

    private void write(Delivery delivery) throws IOException {
        switch (delivery) {
            case Delivery.Events events ->
                frames.events(
                        events,
                        (bytes, upTo) -> sink.events(bytes, events.item().cursorAfter(upTo)));
            case Delivery.Gap gap -> {
                meters.opened("gap");
                control(gap, Optional.empty());
            }
            case Delivery.Reset reset -> {
                meters.opened("reset_" + reset.reason().wireName());
                control(reset, Optional.of(reset.start()));
            }
            case Delivery.Notice notice -> control(notice, Optional.empty());
            case Delivery.End end -> control(end, Optional.of(end.cursor()));
            case Delivery.UpToDate _ -> throw new IllegalStateException("a stream has no end but the run's");
        }
    }

    private void control(Delivery.Control control, Optional<RunCursor> place) throws IOException {
        sink.control(place, id -> frames.control(control, id));
    }
}
