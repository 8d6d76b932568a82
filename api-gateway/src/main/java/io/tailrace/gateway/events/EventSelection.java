package io.tailrace.gateway.events;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.json.RecordJson;
import java.util.Set;

/**
 * Which events of a run are wanted.
 *
 * @param types as clients see them; empty for all
 * @param from the first sequence, from 1
 * @param to the last sequence, inclusive
 */
record EventSelection(Set<String> types, long from, long to) {
    EventSelection {
        types = Set.copyOf(types);
    }

    /** Whether a record can have events that are wanted; told by its headers, without decoding it. */
    boolean wants(ReadItem.Numbered item) {
        return item.lastSequence() >= from && item.firstSequence() <= to && wantsType(item);
    }

    private boolean wantsType(ReadItem.Numbered item) {
        if (types.isEmpty()) {
            return true;
        }
        return types.contains(RecordJson.shownType(item.record().headers().type()));
    }

    /** Whether nothing that is wanted can come any more. */
    boolean isPast(long sequence) {
        return sequence > to;
    }

    /** Whether an event with this sequence is wanted, its type aside. */
    boolean has(long sequence) {
        return sequence >= from && sequence <= to;
    }
}
