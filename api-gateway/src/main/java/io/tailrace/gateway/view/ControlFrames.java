package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.runlog.Delivery;
import java.time.Duration;
import java.util.Optional;

/**
 * What our own views say between and around events: {@code stream.open}, {@code stream.gap}, {@code stream.reset},
 * {@code run.notice} and {@code stream.end}. Thread-safe.
 */
public final class ControlFrames {
    private final Notices notices;

    /** What a view tells of a fact that has no place in the order yet: its JSON, or nothing. */
    @FunctionalInterface
    public interface Notices {
        Optional<JsonBytes> data(LogRecord record);
    }

    public ControlFrames(Notices notices) {
        this.notices = notices;
    }

    /**
     * The first frame. Clients ignore an id without data, so it has some: a connection lost before the first event resumes
     * too.
     */
    public byte[] open(RunId run, Duration retry, String id) {
        JsonBytes frame = new JsonBytes(512);
        SseFrame.retry(frame, retry);
        SseFrame.begin(frame, "stream.open");
        object(frame, run).raw(",\"cursor\":").text(id).raw("}");
        SseFrame.end(frame, id);
        return frame.toBytes();
    }

    /** A frame between events; empty for a notice that is not told. */
    public byte[] of(RunId run, Delivery.Control control, String id) {
        return switch (control) {
            case Delivery.Gap gap -> {
                JsonBytes frame = begun("stream.gap");
                object(frame, run).raw(",\"from\":").number(gap.fromSequence());
                yield ended(frame.raw(",\"to\":").number(gap.toSequence()).raw("}"), id);
            }
            case Delivery.Reset reset -> {
                JsonBytes frame = begun("stream.reset");
                object(frame, run).raw(",\"reason\":").text(reset.reason().wireName());
                yield ended(frame.raw("}"), id);
            }
            case Delivery.Notice notice ->
                notices.data(notice.record())
                        .map(it -> ended(begun("run.notice").raw(it.toBytes()), id))
                        .orElseGet(() -> new byte[0]);
            case Delivery.End end -> {
                JsonBytes frame = begun("stream.end");
                object(frame, run)
                        .raw(",\"last_sequence\":")
                        .number(end.cursor().sequence());
                yield ended(frame.raw("}"), id);
            }
        };
    }

    private static JsonBytes begun(String event) {
        JsonBytes frame = new JsonBytes(512);
        SseFrame.begin(frame, event);
        return frame;
    }

    private static JsonBytes object(JsonBytes frame, RunId run) {
        return frame.raw("{\"run_id\":").text(run.value());
    }

    private static byte[] ended(JsonBytes frame, String id) {
        SseFrame.end(frame, id);
        return frame.toBytes();
    }
}
