package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.Delivery.ResetReason;
import io.tailrace.runlog.RunLog.Until;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of readers when the log does what logs should not do. */
class TailedRunLogFaultsTest implements LiveLogFaults {
    private final MemoryLogUnderTest subject = MemoryLogUnderTest.tailed();

    @AfterEach
    void close() {
        subject.close();
    }

    @Override
    public LogUnderTest subject() {
        return subject;
    }

    @Override
    public void recreate() {
        subject.memory().recreate();
    }

    @Test
    void aLogCutOffBehindALiveReaderIsAReset() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(2);
        long end = subject.end(Topic.BUILD_EVENTS, book.run());
        book.lines(2);
        try (Reader reader = open(book)) {
            reader.untilEvents(book.expected().size());
            subject.memory().cutOff(Topic.BUILD_EVENTS, end);
            List<Delivery> all = reader.until(it -> it.stream().anyMatch(Delivery.Reset.class::isInstance)
                    && Seen.of(it).size() == 2 * book.expected().size() - 2);
            Delivery.Reset reset = (Delivery.Reset) all.stream()
                    .filter(Delivery.Reset.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(reset.reason()).isEqualTo(ResetReason.BEYOND_END);
            assertThat(Seen.of(all.subList(all.indexOf(reset), all.size())))
                    .isEqualTo(book.expected().subList(0, book.expected().size() - 2));
        }
    }

    @Test
    void aForgedSequenceHarmsNobodyElse() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(2).lines(2);
        RunCursor honest;
        try (Reader reader = new Reader(subject.log().open(book.location(), new Start.FromBeginning(), Until.NOW))) {
            honest = Seen.cursors(reader.toEnd()).getLast();
        }
        RunCursor forged = new RunCursor(
                honest.epoch(),
                honest.partition(),
                honest.runCheck(),
                honest.spineOffset(),
                honest.chapter(),
                honest.eventIdPrefix(),
                honest.sequence() + 1_000_000,
                honest.index());
        try (Reader liar = open(book, new Start.After(forged));
                Reader fair = open(book);
                Reader resumed = open(book, new Start.After(honest))) {
            fair.untilEvents(book.expected().size());
            book.lines(2).complete().finishStage();
            liar.until(it -> Seen.of(it).size() >= 4);
            book.requestStage().claim().lines(2).complete().finishStage().completeRun();
            assertThat(Seen.of(fair.toEnd())).isEqualTo(book.expected());
            assertThat(Seen.of(resumed.toEnd()))
                    .isEqualTo(book.expected()
                            .subList(
                                    Math.toIntExact(honest.sequence()),
                                    book.expected().size()));
        }
    }

    @Test
    void aReaderThatIsAheadOfASlowOneIsNotHeldUpByIt() throws Exception {
        Book book = new Book(subject).create().requestStage().claim();
        for (int i = 0; i < 200; i++) {
            book.line("x".repeat(2000));
        }
        RunCursor far;
        try (Reader reader = new Reader(subject.log().open(book.location(), new Start.FromBeginning(), Until.NOW))) {
            far = Seen.cursors(reader.toEnd()).get(190);
        }
        try (Reader slow = open(book);
                Reader ahead = open(book, new Start.After(far))) {
            slow.untilEvents(4);
            ahead.untilEvents(10);
            book.lines(3);
            ahead.untilEvents(16);
            book.complete().finishStage().completeRun();
            assertThat(Seen.of(ahead.toEnd()))
                    .isEqualTo(book.expected().subList(191, book.expected().size()));
            assertThat(Seen.of(slow.toEnd())).isEqualTo(book.expected());
        }
    }

    @Test
    void replaysEndWithTheirLastReader() throws Exception {
        Book book = new Book(subject).create().requestStage().claim();
        for (int i = 0; i < 200; i++) {
            book.line("x".repeat(2000));
        }
        assertThat(subject.openReplays()).isZero();
        Reader watcher = open(book);
        watcher.untilEvents(book.expected().size());
        Reader first = open(book);
        Reader second = open(book);
        try (watcher;
                first;
                second) {
            first.untilEvents(4);
            assertThat(subject.openReplays()).isEqualTo(1);
            second.untilEvents(4);
            assertThat(subject.openReplays())
                    .as("the first has let go already what the second needs")
                    .isEqualTo(2);
            Reader third = open(book, new Start.After(first.feed().cursor()));
            third.untilEvents(1);
            assertThat(subject.openReplays())
                    .as("the third is where the first is")
                    .isEqualTo(2);
            first.close();
            assertThat(subject.openReplays()).isEqualTo(2);
            second.close();
            assertThat(subject.openReplays()).isEqualTo(1);
            third.close();
            assertThat(subject.openReplays()).isZero();
        }
        assertThat(subject.openReplays()).isZero();
    }

    @Test
    void whatRetentionTakesFromUnderAReaderThatIsBehindIsAGap() throws Exception {
        Book book = new Book(subject).create().requestStage().claim();
        try (Reader slow = open(book);
                Reader fast = open(book)) {
            slow.untilEvents(4);
            for (int i = 0; i < 200; i++) {
                book.line("x".repeat(2000));
            }
            fast.untilEvents(book.expected().size());
            book.complete().finishStage().completeRun();
            fast.toEnd();
            subject.trim(Topic.BUILD_EVENTS, book.run(), book.lastChapterOffset());
            List<Delivery> all = slow.toEnd();
            long given = 0;
            for (Delivery delivery : all) {
                if (delivery instanceof Delivery.Events events) {
                    assertThat(events.firstSequence()).isEqualTo(given + 1);
                    given = events.item().lastSequence();
                } else if (delivery instanceof Delivery.Gap gap) {
                    assertThat(gap.fromSequence()).isEqualTo(given + 1);
                    given = gap.toSequence();
                }
            }
            assertThat(given).isEqualTo(book.sequence());
            assertThat(all).anyMatch(Delivery.Gap.class::isInstance);
        }
    }
}
