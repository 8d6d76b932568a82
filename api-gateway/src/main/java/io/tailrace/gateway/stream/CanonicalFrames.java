package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.view.EventJson;
import io.tailrace.gateway.view.JsonBytes;
import io.tailrace.gateway.view.RecordJson;
import io.tailrace.runlog.Rendering;
import java.util.Optional;

/** Records as SSE frames of the canonical view: one frame for each event, with its cursor as id. Thread-safe. */
final class CanonicalFrames implements Rendering, StreamView {
    private static final int FRAME_BYTES = 512;

    private final EventJson view;
    private final Cursors cursors;

    CanonicalFrames(EventJson view, Cursors cursors) {
        this.view = view;
        this.cursors = cursors;
    }

    @Override
    public Rendered render(ReadItem.Numbered item) {
        RecordJson json = view.of(item);
        return (from, to) -> {
            JsonBytes out = new JsonBytes((to - from) * FRAME_BYTES);
            for (int i = from; i < to; i++) {
                SseFrame.begin(out, json.type());
                json.write(out, i);
                SseFrame.end(out, cursors.token(item.record().run(), item.cursorAfter(i + 1)));
            }
            return out.toBytes();
        };
    }

    @Override
    public Rendering frames() {
        return this;
    }

    @Override
    public String id(RunId run, String token) {
        return token;
    }

    @Override
    public Optional<JsonBytes> notice(LogRecord record) {
        JsonBytes data = new JsonBytes(512);
        view.unnumbered(record).write(data, 0);
        return Optional.of(data);
    }
}
