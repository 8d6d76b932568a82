package io.tailrace.gateway.events;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.json.RecordJson;
import java.io.IOException;

/** The canonical events that are selected, each by itself. */
final class SelectedEvents implements EventSource {
    private final EventJson view;
    private final EventSelection selection;

    SelectedEvents(EventJson view, EventSelection selection) {
        this.view = view;
        this.selection = selection;
    }

    @Override
    public boolean events(ReadItem.Numbered item, int from, EventSink sink) throws IOException {
        if (selection.isPast(item.firstSequence() + from)) {
            sink.finished();
            return false;
        }
        if (!selection.wants(item)) {
            return true;
        }
        RecordJson json = view.of(item);
        for (int i = from; i < json.count(); i++) {
            int index = i;
            if (selection.has(item.firstSequence() + i)
                    && !sink.event(item.cursorAfter(i + 1), out -> json.write(out, index))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean needsPast() {
        return false;
    }

    @Override
    public void past(ReadItem.Numbered item, int to) {
        // Whatever it was, it makes no difference.
    }

    @Override
    public void reset() {
        // Each event stands for itself.
    }
}
