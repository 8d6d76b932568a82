package io.tailrace.gateway.execution;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.view.ControlFrames;
import io.tailrace.gateway.view.FoldedView;
import io.tailrace.gateway.view.SseFrame;
import io.tailrace.runlog.Delivery;
import java.time.Duration;
import java.util.Optional;

/**
 * The view of the assistants' contract: a frame is named as its event is. Events of the run that the contract has nothing
 * for make no frame; a client that resumes goes on after the last one that did. Thread-safe.
 */
final class ExecutionView implements FoldedView<Execution> {
    private final ExecutionEvents events;
    private final Tokens tokens;
    private final ControlFrames controls = new ControlFrames(_ -> Optional.empty());

    /** Makes the token of a place in a run. */
    @FunctionalInterface
    interface Tokens {
        String token(RunId run, RunCursor cursor);
    }

    ExecutionView(ExecutionEvents events, Tokens tokens) {
        this.events = events;
        this.tokens = tokens;
    }

    @Override
    public Execution before(RunId run) {
        return Execution.before(run);
    }

    @Override
    public Execution events(
            Execution state, RunCursor before, ReadItem.Numbered item, int from, int to, JsonBytes out) {
        Execution.Told told = events.next(state, item, from);
        told.event().ifPresent(it -> {
            SseFrame.begin(out, it.type().wireName());
            out.value(it.data());
            SseFrame.end(out, tokens.token(item.record().run(), item.cursorAfter(from + 1)));
        });
        return told.after();
    }

    @Override
    public byte[] open(Execution state, RunId run, Duration retry, String id) {
        return controls.open(run, retry, id);
    }

    @Override
    public Execution control(Execution state, RunId run, Delivery.Control control, String id, JsonBytes out) {
        out.raw(controls.of(run, control, id));
        return control instanceof Delivery.Reset ? before(run) : state;
    }
}
