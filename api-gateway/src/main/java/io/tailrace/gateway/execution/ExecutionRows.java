package io.tailrace.gateway.execution;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.events.EventSink;
import io.tailrace.gateway.events.EventSource;
import java.io.IOException;
import java.util.Set;

/** The history of an execution: the events that the stream tells, as rows, all or those of some types. */
final class ExecutionRows implements EventSource {
    private final ExecutionEvents events;
    private final Set<ExecutionEventType> types;
    private Execution execution;

    /** @param types empty for all */
    ExecutionRows(ExecutionEvents events, RunId run, Set<ExecutionEventType> types) {
        this.events = events;
        this.types = Set.copyOf(types);
        this.execution = Execution.before(run);
    }

    @Override
    public boolean events(ReadItem.Numbered item, int from, EventSink sink) throws IOException {
        Execution.Told told = events.next(execution, item, from);
        execution = told.after();
        if (told.event().isEmpty() || !wants(told.event().get())) {
            return true;
        }
        ExecutionEvent event = told.event().get();
        return sink.event(item.cursorAfter(from + 1), out -> out.value(event.row()));
    }

    private boolean wants(ExecutionEvent event) {
        return types.isEmpty() || types.contains(event.type());
    }

    @Override
    public boolean needsPast() {
        return true;
    }

    @Override
    public void past(ReadItem.Numbered item, int to) {
        execution = events.next(execution, item, 0).after();
    }

    @Override
    public void reset() {
        execution = Execution.before(execution.id());
    }
}
