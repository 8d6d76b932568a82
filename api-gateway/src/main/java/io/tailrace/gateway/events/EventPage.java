package io.tailrace.gateway.events;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.runlog.Delivery;
import java.util.Optional;

/**
 * A page of events as one JSON object, bounded in events and bytes.
 *
 * <p>{@code next_cursor} is where the next page begins; null when there will never be more. {@code up_to_date} is true
 * when the log has nothing more now.
 */
final class EventPage implements EventSink {
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final JsonBytes events = new JsonBytes(16 * 1024);
    private final JsonBytes gaps = new JsonBytes(64);
    private final RunId run;
    private final Cursors cursors;
    private final int limit;
    private int count;
    private Optional<RunCursor> next;
    private Optional<Delivery.ResetReason> reset = Optional.empty();
    private boolean upToDate;

    /** @param begin where the page begins; the page after it too, if this one finds nothing */
    EventPage(RunId run, Cursors cursors, int limit, RunCursor begin) {
        this.run = run;
        this.cursors = cursors;
        this.limit = limit;
        this.next = Optional.of(begin);
    }

    @Override
    public boolean event(RunCursor after, Text json) {
        if (count > 0) {
            events.raw(",");
        }
        json.write(events);
        count++;
        next = Optional.of(after);
        return count < limit && events.size() < MAX_BYTES;
    }

    @Override
    public void gap(long fromSequence, long toSequence) {
        gaps.raw(gaps.size() == 0 ? "" : ",")
                .raw("{\"from_sequence\":")
                .number(fromSequence)
                .raw(",\"to_sequence\":")
                .number(toSequence)
                .raw("}");
    }

    @Override
    public void reset(Delivery.ResetReason reason) {
        reset = Optional.of(reason);
    }

    @Override
    public void examined(RunCursor cursor) {
        next = Optional.of(cursor);
    }

    @Override
    public void finished() {
        next = Optional.empty();
    }

    @Override
    public void upToDate(RunCursor cursor) {
        next = Optional.of(cursor);
        upToDate = true;
    }

    /** The page's JSON. */
    byte[] toBytes() {
        JsonBytes page = new JsonBytes(events.size() + 512);
        page.raw("{\"run_id\":\"").raw(run.value()).raw("\",\"events\":[").raw(events.toBytes());
        page.raw("],\"gaps\":[").raw(gaps.toBytes()).raw("]");
        reset.ifPresent(it -> page.raw(",\"reset\":").text(it.wireName()));
        page.raw(",\"up_to_date\":").raw(Boolean.toString(upToDate || next.isEmpty()));
        page.raw(",\"next_cursor\":");
        next.ifPresentOrElse(it -> page.text(cursors.token(run, it)), () -> page.raw("null"));
        return page.raw("}").toBytes();
    }
}
