package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.json.JsonBytes;
import java.time.Duration;
import java.util.Collection;

/** What a stream of several runs says of itself and of the ends of its runs. Thread-safe. */
public final class RunsFrames {
    private RunsFrames() {}

    /**
     * The first frame.
     *
     * @param gone those of the runs that there are no more; said only if there are such
     */
    public static byte[] open(Collection<RunId> runs, Collection<RunId> gone, Duration retry, String id) {
        JsonBytes frame = new JsonBytes(1024);
        SseFrame.retry(frame, retry);
        SseFrame.begin(frame, "stream.open");
        of(frame.raw("{"), "run_ids", runs);
        if (!gone.isEmpty()) {
            of(frame.raw(","), "gone_run_ids", gone);
        }
        frame.raw(",\"cursor\":").text(id).raw("}");
        SseFrame.end(frame, id);
        return frame.toBytes();
    }

    /** One of the runs has ended, and nothing of it follows. */
    public static byte[] runEnd(RunId run, long lastSequence, String id) {
        JsonBytes frame = new JsonBytes(1024);
        SseFrame.begin(frame, "run.end");
        frame.raw("{\"run_id\":")
                .text(run.value())
                .raw(",\"last_sequence\":")
                .number(lastSequence)
                .raw("}");
        SseFrame.end(frame, id);
        return frame.toBytes();
    }

    /** All runs have ended, and nothing follows. */
    public static byte[] end(Collection<RunId> runs, String id) {
        JsonBytes frame = new JsonBytes(1024);
        SseFrame.begin(frame, "stream.end");
        of(frame.raw("{"), "run_ids", runs).raw("}");
        SseFrame.end(frame, id);
        return frame.toBytes();
    }

    private static JsonBytes of(JsonBytes frame, String name, Collection<RunId> runs) {
        frame.text(name).raw(":[");
        String between = "";
        for (RunId run : runs) {
            frame.raw(between).text(run.value());
            between = ",";
        }
        return frame.raw("]");
    }
}
