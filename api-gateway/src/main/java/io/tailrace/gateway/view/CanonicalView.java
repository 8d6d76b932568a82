package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.json.RecordJson;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.Rendering;
import java.time.Duration;
import java.util.Optional;

/** The canonical view: one frame for each event, with its type as name, all of it as data, its cursor as id. */
public final class CanonicalView implements Rendering, MappedView {
    private static final int FRAME_BYTES = 512;

    private final EventJson json;
    private final Cursors cursors;
    private final ControlFrames controls = new ControlFrames(this::notice);

    public CanonicalView(EventJson json, Cursors cursors) {
        this.json = json;
        this.cursors = cursors;
    }

    @Override
    public Rendering events() {
        return this;
    }

    @Override
    public Rendered render(ReadItem.Numbered item) {
        RecordJson record = json.of(item);
        return (from, to) -> {
            JsonBytes out = new JsonBytes((to - from) * FRAME_BYTES);
            for (int i = from; i < to; i++) {
                SseFrame.begin(out, record.type());
                record.write(out, i);
                SseFrame.end(out, cursors.token(item.record().run(), item.cursorAfter(i + 1)));
            }
            return out.toBytes();
        };
    }

    @Override
    public byte[] open(RunId run, Duration retry, String id) {
        return controls.open(run, retry, id);
    }

    @Override
    public byte[] control(RunId run, Delivery.Control control, String id) {
        return controls.of(run, control, id);
    }

    private Optional<JsonBytes> notice(LogRecord record) {
        JsonBytes data = new JsonBytes(512);
        json.unnumbered(record).write(data, 0);
        return Optional.of(data);
    }
}
