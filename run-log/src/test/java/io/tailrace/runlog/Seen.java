package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One event as a reader saw it. */
public record Seen(long sequence, String type, String eventId, int index, Optional<Long> supersedesFrom) {

    /** The events of deliveries, in order. */
    static List<Seen> of(List<Delivery> deliveries) {
        List<Seen> seen = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (delivery instanceof Delivery.Events events) {
                ReadItem.Numbered item = events.item();
                for (int i = events.fromIndex(); i < item.count(); i++) {
                    seen.add(new Seen(
                            item.firstSequence() + i,
                            item.record().headers().type(),
                            item.record().headers().eventId().value(),
                            i,
                            item.supersedesFrom()));
                }
            }
        }
        return seen;
    }

    /** The cursor after each event, in order. */
    static List<RunCursor> cursors(List<Delivery> deliveries) {
        List<RunCursor> cursors = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (delivery instanceof Delivery.Events events) {
                for (int i = events.fromIndex(); i < events.item().count(); i++) {
                    cursors.add(events.item().cursorAfter(i + 1));
                }
            }
        }
        return cursors;
    }
}
