package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A ring gives every reader what follows its position, without holes, or says that it is not here. */
class RingProperties {
    private static final long MAX_BYTES = 20_000;
    private static final Rendering HUNDRED_BYTES_EACH = _ -> (from, to) -> new byte[(to - from) * 100];

    private static final class ModelReader {
        long position;
        boolean behind;
    }

    @Property(tries = 1000)
    void readersGetConsecutiveEventsOrAreSentToTheLog(
            @ForAll @Size(max = 150) List<@IntRange(max = 999) Integer> steps,
            @ForAll @IntRange(min = 1, max = 4) int readerCount,
            @ForAll @IntRange(max = 50) int begin)
            throws InterruptedException {
        Ring ring = new Ring(begin, () -> MAX_BYTES, () -> {});
        List<ModelReader> readers = new ArrayList<>();
        for (int i = 0; i < readerCount; i++) {
            ModelReader reader = new ModelReader();
            reader.position = begin;
            readers.add(reader);
        }
        long head = begin;
        for (int step : steps) {
            if (step < 500) {
                ReadItem item = step % 10 == 0 ? gap(head, step) : numbered(head, 1 + step % 300, step * 4);
                ring.publish(List.of(item));
                head = last(item);
            } else {
                ModelReader reader = readers.get(step % readerCount);
                reader.behind = !take(ring, reader, head);
            }
        }
        long furthest = readers.stream().mapToLong(it -> it.position).max().orElseThrow();
        for (ModelReader reader : readers) {
            assertThat(reader.behind && reader.position == furthest)
                    .as("the fastest reader is never sent away")
                    .isFalse();
        }
    }

    /** Returns whether the ring had it. */
    private static boolean take(Ring ring, ModelReader reader, long head) throws InterruptedException {
        switch (ring.take(reader.position, 0, 4000, Duration.ZERO, () -> false)) {
            case ReadResult.Found found -> {
                for (Delivery delivery : found.deliveries()) {
                    switch (delivery) {
                        case Delivery.Events events -> {
                            assertThat(events.firstSequence()).isEqualTo(reader.position + 1);
                            reader.position = events.item().lastSequence();
                            events.shared().pieces(HUNDRED_BYTES_EACH, events.fromIndex(), (_, _) -> {});
                        }
                        case Delivery.Gap gap -> {
                            assertThat(gap.fromSequence()).isEqualTo(reader.position + 1);
                            reader.position = gap.toSequence();
                        }
                        case Delivery.Reset _, Delivery.Notice _, Delivery.End _, Delivery.UpToDate _ ->
                            throw new AssertionError("nothing of that was put in");
                    }
                }
                assertThat(reader.position).isLessThanOrEqualTo(head);
                return true;
            }
            case ReadResult.Nothing _ -> {
                assertThat(reader.position).isEqualTo(head);
                return true;
            }
            case ReadResult.NotHere _ -> {
                assertThat(ring.covers(reader.position)).isFalse();
                return false;
            }
            case ReadResult.Retired _ -> throw new AssertionError("it was not retired");
        }
    }

    @Property(tries = 200)
    void aPositionInsideARecordGetsItsRest(
            @ForAll @IntRange(min = 1, max = 500) int count, @ForAll @IntRange(min = 0, max = 499) int had)
            throws InterruptedException {
        Ring ring = new Ring(0, () -> Long.MAX_VALUE, () -> {});
        ring.publish(List.of(numbered(0, count, 10)));
        int position = had % count;
        ReadResult taken = ring.take(position, 0, 1000, Duration.ZERO, () -> false);
        Delivery.Events events =
                (Delivery.Events) ((ReadResult.Found) taken).deliveries().getFirst();
        assertThat(events.fromIndex()).isEqualTo(position);
        List<Integer> ends = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        events.shared().pieces(HUNDRED_BYTES_EACH, events.fromIndex(), (bytes, end) -> {
            sizes.add(bytes.length);
            ends.add(end);
        });
        assertThat(ends.getLast()).isEqualTo(count);
        assertThat(sizes.stream().mapToInt(it -> it).sum()).isEqualTo((count - position) * 100);
    }

    @Property(tries = 100)
    void whatEveryReaderHasTakenMakesRoom(@ForAll @IntRange(min = 10, max = 200) int records)
            throws InterruptedException {
        int[] evicted = {0};
        Ring ring = new Ring(0, () -> MAX_BYTES, () -> evicted[0]++);
        ModelReader reader = new ModelReader();
        for (int i = 0; i < records; i++) {
            ring.publish(List.of(numbered(i, 1, 2000)));
            take(ring, reader, i + 1);
            ring.awaitRoom();
        }
        assertThat((records - evicted[0]) * 2000L).isLessThanOrEqualTo(MAX_BYTES);
    }

    @Property(tries = 100)
    void whoSaysToBeFurtherThanAllTakesNothingFromOthers(@ForAll @IntRange(min = 1, max = 1_000_000) int further)
            throws InterruptedException {
        Ring ring = new Ring(0, () -> MAX_BYTES, () -> {});
        ModelReader reader = new ModelReader();
        ring.publish(List.of(numbered(0, 1, 100)));
        assertThat(take(ring, reader, 1)).isTrue();
        ring.reached(1 + further);
        assertThat(ring.take(1 + further, 0, 1000, Duration.ZERO, () -> false)).isInstanceOf(ReadResult.NotHere.class);
        for (int i = 1; i < 50; i++) {
            ring.publish(List.of(numbered(i, 1, 2000)));
        }
        assertThat(take(ring, reader, 50)).isTrue();
    }

    private static long last(ReadItem item) {
        return switch (item) {
            case ReadItem.Gap gap -> gap.toSequence();
            case ReadItem.Numbered numbered -> numbered.lastSequence();
        };
    }

    private static ReadItem gap(long head, int size) {
        return new ReadItem.Gap(head + 1, head + 1 + size);
    }

    private static ReadItem.Numbered numbered(long head, int count, int bytes) {
        return new ReadItem.Numbered(
                LogRecords.at(head, count, bytes),
                head + 1,
                Optional.empty(),
                RunCursor.beforeFirst(1, 0, LogRecords.RUN));
    }
}
