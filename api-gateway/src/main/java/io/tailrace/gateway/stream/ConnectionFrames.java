package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.view.FoldedView;
import io.tailrace.gateway.view.MappedView;
import io.tailrace.gateway.view.StreamView;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.SharedRecord;
import io.tailrace.runlog.SharedRecord.PieceSink;
import java.time.Duration;

/** The frames of one connection, as its view makes them. Confined to the connection's thread. */
sealed interface ConnectionFrames extends RunFrames {
    /**
     * Those of a run that nothing was read of yet.
     *
     * @param first the place before its first event
     */
    static ConnectionFrames of(RunId run, StreamView view, RunCursor first) {
        return switch (view) {
            case MappedView mapped -> new Mapped(run, mapped);
            case FoldedView<?> folded -> new Folded<>(run, folded, first);
        };
    }

    /** Whether they depend on what the client has got before, which {@link #past} is to be told then. */
    boolean needPast();

    /** Takes what the client has already, up to the event with a sequence, from a feed of the run from its beginning. */
    void past(Delivery delivery, long upToSequence);

    /** The first frame. */
    byte[] open(Duration retry, String id);

    /** Each by itself. */
    record Mapped(RunId run, MappedView view) implements ConnectionFrames {
        @Override
        public boolean needPast() {
            return false;
        }

        @Override
        public void past(Delivery delivery, long upToSequence) {
            // Whatever it was, it makes no difference.
        }

        @Override
        public byte[] open(Duration retry, String id) {
            return view.open(run, retry, id);
        }

        @Override
        public <E extends Exception> void events(Delivery.Events events, PieceSink<E> sink) throws E {
            events.shared().pieces(view.events(), events.fromIndex(), sink);
        }

        @Override
        public byte[] control(Delivery.Control control, String id) {
            return view.control(run, control, id);
        }
    }

    /** Each in the light of those before it. */
    final class Folded<S> implements ConnectionFrames {
        private static final int FRAME_BYTES = 512;

        private final RunId run;
        private final FoldedView<S> view;
        private S state;
        /** The place after the last event that was folded. */
        private RunCursor place;

        Folded(RunId run, FoldedView<S> view, RunCursor first) {
            this.place = first;
            this.run = run;
            this.view = view;
            this.state = view.before(run);
        }

        @Override
        public boolean needPast() {
            return true;
        }

        @Override
        public void past(Delivery delivery, long upToSequence) {
            switch (delivery) {
                case Delivery.Events events -> {
                    long wanted = upToSequence - events.item().firstSequence() + 1;
                    int to = (int) Math.min(events.item().count(), wanted);
                    if (events.fromIndex() < to) {
                        var _ = events(events, events.fromIndex(), to);
                    }
                }
                case Delivery.Gap gap -> {
                    if (gap.fromSequence() <= upToSequence) {
                        var _ = control(gap, "");
                    }
                }
                // Of these the client has none, or it has begun anew since.
                case Delivery.Reset _, Delivery.Notice _, Delivery.End _, Delivery.UpToDate _ -> {}
            }
        }

        @Override
        public byte[] open(Duration retry, String id) {
            return view.open(state, run, retry, id);
        }

        @Override
        public <E extends Exception> void events(Delivery.Events events, PieceSink<E> sink) throws E {
            int count = events.item().count();
            for (int from = events.fromIndex(); from < count; ) {
                int to = Math.min(count, from + SharedRecord.PIECE_EVENTS);
                sink.write(events(events, from, to), to);
                from = to;
            }
        }

        private byte[] events(Delivery.Events events, int from, int to) {
            JsonBytes out = new JsonBytes(FRAME_BYTES * (to - from));
            state = view.events(state, place, events.item(), from, to, out);
            place = events.item().cursorAfter(to);
            return out.toBytes();
        }

        @Override
        public byte[] control(Delivery.Control control, String id) {
            JsonBytes out = new JsonBytes(FRAME_BYTES);
            state = view.control(state, run, control, id, out);
            if (control instanceof Delivery.Reset reset) {
                place = reset.start();
            }
            return out.toBytes();
        }
    }
}
