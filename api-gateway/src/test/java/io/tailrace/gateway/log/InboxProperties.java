package io.tailrace.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** An inbox never hides a record: it has it, or says that one has to look into the log. */
class InboxProperties {
    private static final int MAX_BYTES = 5_000;

    /** A tail that appends, and a feeder that takes: each number is a step of one of them. */
    @Property(tries = 2000)
    void whatWasAppendedIsTakenInOrderOrReadFromTheLog(
            @ForAll @Size(max = 200) List<@IntRange(max = 99) Integer> steps, @ForAll @IntRange(max = 20) int begin) {
        Inbox inbox = new Inbox(MAX_BYTES);
        List<LogRecord> log = new ArrayList<>();
        for (int i = 0; i < begin; i++) {
            log.add(record(i, 10));
        }
        assertThat(inbox.take(0)).isInstanceOf(Inbox.Taken.NotYet.class);
        inbox.begin(begin);
        List<Long> read = new ArrayList<>();
        long want = 0;
        for (int step : steps) {
            if (step < 50) {
                long offset = log.isEmpty() ? begin : log.getLast().offset() + 1 + step % 3;
                LogRecord record = record(Math.max(offset, begin), step * 40);
                log.add(record);
                inbox.append(List.of(record), record.offset() + 1);
            } else {
                want = take(inbox, log, read, want);
            }
        }
        long before = -1;
        while (want != before) {
            before = want;
            want = take(inbox, log, read, want);
        }
        assertThat(read).isEqualTo(log.stream().map(LogRecord::offset).toList());
    }

    /** As a feeder does: takes, or reads the log up to where the inbox begins. */
    private static long take(Inbox inbox, List<LogRecord> log, List<Long> read, long want) {
        return switch (inbox.take(want)) {
            case Inbox.Taken.Next next -> {
                read.add(next.record().offset());
                yield next.record().offset() + 1;
            }
            case Inbox.Taken.Before before -> {
                assertThat(before.from()).isGreaterThan(want);
                for (LogRecord record : log) {
                    if (record.offset() >= want && record.offset() < before.from()) {
                        read.add(record.offset());
                    }
                }
                yield before.from();
            }
            case Inbox.Taken.Nothing _ -> want;
            case Inbox.Taken.NotYet _, Inbox.Taken.CutOff _ -> throw new AssertionError("it began and was not cut");
        };
    }

    @Property
    void itHoldsNoMoreThanItsBound(@ForAll @Size(max = 100) List<@IntRange(max = 3000) Integer> sizes) {
        Inbox inbox = new Inbox(MAX_BYTES);
        inbox.begin(0);
        long offset = 0;
        for (int size : sizes) {
            inbox.append(List.of(record(offset, size)), offset + 1);
            offset++;
            assertThat(inbox.heldAfter(-1).stream()
                            .mapToLong(it -> it.value().length)
                            .sum())
                    .isLessThanOrEqualTo(MAX_BYTES);
        }
    }

    @Property
    void aLogThatWasCutOffIsNoticed(
            @ForAll @IntRange(min = 1, max = 50) int taken, @ForAll @IntRange(max = 60) int end) {
        Inbox inbox = new Inbox(MAX_BYTES);
        inbox.begin(0);
        for (int i = 0; i < taken; i++) {
            inbox.append(List.of(record(i, 10)), i + 1);
            assertThat(inbox.take(i)).isInstanceOf(Inbox.Taken.Next.class);
        }
        inbox.begin(end);
        if (end < taken) {
            assertThat(inbox.take(taken)).isInstanceOf(Inbox.Taken.CutOff.class);
        } else {
            assertThat(inbox.take(taken)).isNotInstanceOf(Inbox.Taken.CutOff.class);
        }
    }

    private static LogRecord record(long offset, int bytes) {
        return LogRecords.at(offset, 1, bytes);
    }
}
