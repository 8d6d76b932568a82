package io.tailrace.gateway.events;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.runlog.Delivery;
import java.io.IOException;
import java.io.OutputStream;

/** Events as lines of JSON, written as they come, with a buffer of one chunk. Gaps and resets are lines too. */
final class Ndjson implements EventSink {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final OutputStream out;
    private final long limit;
    private JsonBytes chunk = new JsonBytes(CHUNK_BYTES);
    private long count;

    Ndjson(OutputStream out, long limit) {
        this.out = out;
        this.limit = limit;
    }

    @Override
    public boolean event(RunCursor after, Text json) throws IOException {
        json.write(chunk);
        endLine();
        count++;
        return count < limit;
    }

    @Override
    public void gap(long fromSequence, long toSequence) throws IOException {
        chunk.raw("{\"type\":\"stream.gap\",\"from_sequence\":")
                .number(fromSequence)
                .raw(",\"to_sequence\":")
                .number(toSequence)
                .raw("}");
        endLine();
    }

    @Override
    public void reset(Delivery.ResetReason reason) throws IOException {
        chunk.raw("{\"type\":\"stream.reset\",\"reason\":")
                .text(reason.wireName())
                .raw("}");
        endLine();
    }

    @Override
    public void finished() {
        // The end of the lines says it.
    }

    @Override
    public void upToDate(RunCursor cursor) {
        // The end of the lines says it.
    }

    /** Writes what is left. */
    void flush() throws IOException {
        out.write(chunk.toBytes());
        chunk = new JsonBytes(16);
        out.flush();
    }

    private void endLine() throws IOException {
        chunk.raw("\n");
        if (chunk.size() >= CHUNK_BYTES - 1024) {
            out.write(chunk.toBytes());
            chunk = new JsonBytes(CHUNK_BYTES);
        }
    }
}
