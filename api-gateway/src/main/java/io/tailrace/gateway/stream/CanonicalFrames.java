package io.tailrace.gateway.stream;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.log.Rendering;
import io.tailrace.gateway.view.EventJson;
import io.tailrace.gateway.view.JsonBytes;
import io.tailrace.gateway.view.RecordJson;

/** Records as SSE frames of the canonical view: one frame for each event, with its cursor as id. Thread-safe. */
final class CanonicalFrames implements Rendering {
    private static final int FRAME_BYTES = 512;

    private final EventJson view;

    CanonicalFrames(EventJson view) {
        this.view = view;
    }

    @Override
    public Rendered render(ReadItem.Numbered item) {
        RecordJson json = view.of(item);
        return (from, to) -> {
            JsonBytes out = new JsonBytes((to - from) * FRAME_BYTES);
            for (int i = from; i < to; i++) {
                SseFrame.begin(out, json.type(), item.cursorAfter(i + 1).token());
                json.write(out, i);
                SseFrame.end(out);
            }
            return out.toBytes();
        };
    }
}
