package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.view.MappedView;
import io.tailrace.gateway.view.RunsFrames;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.SharedRecord.PieceSink;

/** The frames of a run beside others: those of its own stream, which all who watch it share, but for its end. */
record OneOfSeveral(RunId run, MappedView view) implements RunFrames {
    @Override
    public <E extends Exception> void events(Delivery.Events events, PieceSink<E> sink) throws E {
        events.shared().pieces(view.events(), events.fromIndex(), sink);
    }

    @Override
    public byte[] control(Delivery.Control control, String id) {
        return control instanceof Delivery.End end
                ? RunsFrames.runEnd(run, end.cursor().sequence(), id)
                : view.control(run, control, id);
    }
}
