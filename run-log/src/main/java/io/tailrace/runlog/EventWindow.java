package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Consecutive records and gaps of one run's order, found by sequence. A position is the sequence of the last event that
 * somebody has. Not thread-safe: guarded by its owner's lock.
 */
final class EventWindow {
    private static final long GAP_BYTES = 64;

    private final NavigableMap<Long, Entry> byFirst = new TreeMap<>();
    private long next;
    private long bytes;

    private static final class Entry {
        final Delivery delivery;
        final long last;
        long bytes;

        Entry(Delivery delivery, long last, long bytes) {
            this.delivery = delivery;
            this.last = last;
            this.bytes = bytes;
        }
    }

    /** @param position what the first thing put in follows */
    EventWindow(long position) {
        next = position + 1;
    }

    /**
     * Puts the next item in.
     *
     * @param keepRenderings whether what is rendered of it is kept
     * @param grown told when what is kept of a record has grown; passes it on to {@link #grew}, under the lock
     */
    void add(ReadItem item, boolean keepRenderings, BiConsumer<Long, Long> grown) {
        switch (item) {
            case ReadItem.Gap gap ->
                put(
                        gap.fromSequence(),
                        new Entry(new Delivery.Gap(gap.fromSequence(), gap.toSequence()), gap.toSequence(), GAP_BYTES));
            case ReadItem.Numbered numbered -> {
                long first = numbered.firstSequence();
                SharedRecord shared = new SharedRecord(numbered, keepRenderings, by -> grown.accept(first, by));
                put(first, new Entry(new Delivery.Events(shared, 0), numbered.lastSequence(), shared.plainBytes()));
            }
        }
    }

    private void put(long first, Entry entry) {
        if (first != next) {
            throw new IllegalStateException("sequence " + first + " does not follow " + (next - 1));
        }
        byFirst.put(first, entry);
        next = entry.last + 1;
        bytes += entry.bytes;
    }

    /** A record that is still here holds so many bytes more. */
    void grew(long firstSequence, long by) {
        Entry entry = byFirst.get(firstSequence);
        if (entry != null) {
            entry.bytes += by;
            bytes += by;
        }
    }

    /** The sequence of the first event held; what comes next if nothing is held. */
    long first() {
        return byFirst.isEmpty() ? next : byFirst.firstKey();
    }

    /** The sequence of the last event put in. */
    long head() {
        return next - 1;
    }

    /** Whether the event after a position is here, or the next one to be put in. */
    boolean covers(long position) {
        return position + 1 >= first() && position < next;
    }

    /** What follows a position that is covered, up to so many bytes, but at least one thing if there is one. */
    List<Delivery> after(long position, long maxBytes) {
        List<Delivery> found = new ArrayList<>();
        Long from = byFirst.floorKey(position + 1);
        if (from == null || position + 1 >= next) {
            return found;
        }
        long taken = 0;
        for (Entry entry : byFirst.tailMap(from, true).values()) {
            if (!found.isEmpty() && taken + entry.bytes > maxBytes) {
                break;
            }
            taken += entry.bytes;
            found.add(from(entry, position));
        }
        return found;
    }

    /** A entry without what lies at or before a position. */
    private static Delivery from(Entry entry, long position) {
        return switch (entry.delivery) {
            case Delivery.Events events
            when events.firstSequence() <= position ->
                new Delivery.Events(events.shared(), Math.toIntExact(position + 1 - events.firstSequence()));
            case Delivery.Gap gap
            when gap.fromSequence() <= position -> new Delivery.Gap(position + 1, gap.toSequence());
            case Delivery.Events _,
                    Delivery.Gap _,
                    Delivery.Reset _,
                    Delivery.Notice _,
                    Delivery.End _,
                    Delivery.UpToDate _ -> entry.delivery;
        };
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** The sequence of the last event of the oldest thing held; not to be asked when nothing is held. */
    long lastOfOldest() {
        return byFirst.firstEntry().getValue().last;
    }

    /** Lets the oldest thing go. */
    void dropOldest() {
        Map.Entry<Long, Entry> oldest = byFirst.pollFirstEntry();
        if (oldest != null) {
            bytes -= oldest.getValue().bytes;
            if (oldest.getValue().delivery instanceof Delivery.Events events) {
                events.shared().letGo();
            }
        }
    }
}
