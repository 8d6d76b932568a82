package io.tailrace.runlog;

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
        Inbox inbox = new Inbox(budget());
        List<LogRecord> log = new ArrayList<>();
        for (int i = 0; i < begin; i++) {
            log.add(record(i, 10));
        }
        assertThat(inbox.poll(0)).isInstanceOf(Inbox.Polled.NotYet.class);
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
        return switch (inbox.poll(want)) {
            case Inbox.Polled.Next next -> {
                read.add(next.record().offset());
                yield next.record().offset() + 1;
            }
            case Inbox.Polled.Before before -> {
                assertThat(before.from()).isGreaterThan(want);
                for (LogRecord record : log) {
                    if (record.offset() >= want && record.offset() < before.from()) {
                        read.add(record.offset());
                    }
                }
                yield before.from();
            }
            case Inbox.Polled.Nothing _ -> want;
            case Inbox.Polled.NotYet _, Inbox.Polled.CutOff _ -> throw new AssertionError("it began and was not cut");
        };
    }

    @Property
    void itHoldsNoMoreThanItsBound(@ForAll @Size(max = 100) List<@IntRange(max = 3000) Integer> sizes) {
        Inbox inbox = new Inbox(budget());
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
        Inbox inbox = new Inbox(budget());
        inbox.begin(0);
        for (int i = 0; i < taken; i++) {
            inbox.append(List.of(record(i, 10)), i + 1);
            assertThat(inbox.poll(i)).isInstanceOf(Inbox.Polled.Next.class);
        }
        inbox.begin(end);
        if (end < taken) {
            assertThat(inbox.poll(taken)).isInstanceOf(Inbox.Polled.CutOff.class);
        } else {
            assertThat(inbox.poll(taken)).isNotInstanceOf(Inbox.Polled.CutOff.class);
        }
    }

    private static InboxBudget budget() {
        return new InboxBudget(Long.MAX_VALUE, () -> MAX_BYTES);
    }

    @Property
    void allTogetherHoldNoMoreThanTheirTotal(
            @ForAll @Size(max = 300) List<@IntRange(max = 999) Integer> steps,
            @ForAll @IntRange(min = 2, max = 8) int many) {
        long total = 3 * MAX_BYTES / 2;
        InboxBudget together = new InboxBudget(total, () -> MAX_BYTES);
        List<Inbox> inboxes = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            inboxes.add(new Inbox(together));
            inboxes.getLast().begin(0);
        }
        long[] next = new long[many];
        for (int step : steps) {
            int which = step % many;
            switch (step % 7) {
                case 0 -> {
                    var _ = inboxes.get(which).poll(next[which]);
                }
                case 1 -> inboxes.get(which).begin(next[which]);
                default -> {
                    inboxes.get(which).append(List.of(record(next[which], step * 3)), next[which] + 1);
                    next[which]++;
                }
            }
            long values = inboxes.stream()
                    .flatMap(it -> it.heldAfter(-1).stream())
                    .mapToLong(it -> it.value().length)
                    .sum();
            assertThat(together.held()).isBetween(values, total);
        }
        inboxes.forEach(Inbox::close);
        inboxes.forEach(it -> it.append(List.of(record(1_000_000, 10)), 1_000_001));
        assertThat(together.held()).isZero();
    }

    private static LogRecord record(long offset, int bytes) {
        return LogRecords.at(offset, 1, bytes);
    }
}
