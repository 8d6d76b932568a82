package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.Delivery.ResetReason;
import io.tailrace.runlog.RunLog.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every RunLog promises. */
public interface RunLogContract {
    LogUnderTest subject();

    private Reader open(Book book, Start start, Until until) throws Exception {
        return new Reader(subject().log().open(book.location(), start, until));
    }

    private Reader open(Book book) throws Exception {
        return open(book, new Start.FromBeginning(), Until.END_OF_RUN);
    }

    private Reader after(Book book, RunCursor cursor) throws Exception {
        return open(book, new Start.After(cursor), Until.END_OF_RUN);
    }

    private RunCursor lastCursor(Book book) throws Exception {
        try (Reader reader = open(book, new Start.FromBeginning(), Until.NOW)) {
            return Seen.cursors(reader.toEnd()).getLast();
        }
    }

    @Test
    default void aRunIsReadFromItsFirstEventToItsEnd() throws Exception {
        Book book = Book.complete(subject());
        try (Reader reader = open(book)) {
            List<Delivery> all = reader.toEnd();
            assertThat(Seen.of(all)).isEqualTo(book.expected());
            assertThat(all.getLast()).isInstanceOf(Delivery.End.class);
            assertThat(reader.feed().cursor().sequence()).isEqualTo(book.sequence());
            assertThat(reader.feed().isOver()).isTrue();
            assertThat(reader.feed().next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    default void aRunCutAtAnyEventIsContinuedWithTheNext() throws Exception {
        Book book = Book.complete(subject());
        List<RunCursor> cursors;
        try (Reader reader = open(book)) {
            cursors = Seen.cursors(reader.toEnd());
        }
        assertThat(cursors).hasSameSizeAs(book.expected());
        for (int i = 0; i < cursors.size() - 1; i++) {
            RunCursor sentBack = cursors.get(i);
            try (Reader rest = after(book, sentBack)) {
                List<Delivery> all = rest.toEnd();
                assertThat(Seen.of(all)).isEqualTo(book.expected().subList(i + 1, cursors.size()));
                assertThat(Seen.cursors(all)).isEqualTo(cursors.subList(i + 1, cursors.size()));
            }
        }
    }

    @Test
    default void aReaderThatHoldsLittleGetsLittleAtOnce() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim();
        for (int i = 0; i < 50; i++) {
            book.lines(1);
        }
        book.complete().finishStage().completeRun();
        List<Delivery> all = new ArrayList<>();
        try (Reader reader = open(book)) {
            while (!reader.feed().isOver()) {
                List<Delivery> next = reader.feed().next(Duration.ofSeconds(1), 1);
                assertThat(next.stream().filter(Delivery.Events.class::isInstance))
                        .hasSizeLessThanOrEqualTo(1);
                all.addAll(next);
            }
        }
        assertThat(Seen.of(all)).isEqualTo(book.expected());
    }

    @Test
    default void theEndOfARunIsOverAtOnce() throws Exception {
        Book book = Book.complete(subject());
        try (Reader reader = after(book, lastCursor(book))) {
            assertThat(reader.feed().isOver()).isTrue();
            assertThat(reader.feed().next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    default void aCursorBeforeTheFirstEventIsTheBeginning() throws Exception {
        Book book = Book.complete(subject());
        RunCursor start = RunCursor.beforeFirst(subject().epoch(), book.partition(), book.run());
        try (Reader reader = after(book, start)) {
            assertThat(Seen.of(reader.toEnd())).isEqualTo(book.expected());
        }
    }

    @Test
    default void whatIsAppendedIsFollowedLive() throws Exception {
        Book book = new Book(subject()).create();
        try (Reader reader = open(book)) {
            reader.untilEvents(2);
            List<Runnable> steps = List.of(
                    book::requestStage,
                    book::claim,
                    () -> book.lines(3),
                    () -> book.line("a lone line"),
                    book::heartbeat,
                    book::complete,
                    book::finishStage,
                    book::requestStage,
                    book::claim,
                    book::abort,
                    book::finishStage,
                    book::completeRun);
            for (Runnable step : steps) {
                step.run();
                reader.untilEvents(book.expected().size());
                assertThat(reader.seen()).isEqualTo(book.expected());
            }
            reader.toEnd();
            assertThat(reader.seen()).isEqualTo(book.expected());
        }
    }

    @Test
    default void fromNowOnOnlyWhatComes() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(7);
        int before = book.expected().size();
        try (Reader reader = open(book, new Start.Now(), Until.END_OF_RUN)) {
            assertThat(reader.feed().cursor().sequence()).isEqualTo(before);
            book.lines(2).complete().finishStage().completeRun();
            assertThat(Seen.of(reader.toEnd()))
                    .isEqualTo(book.expected().subList(before, book.expected().size()));
        }
    }

    @Test
    default void fromNowOnAfterTheEndThereIsNothing() throws Exception {
        Book book = Book.complete(subject());
        try (Reader reader = open(book, new Start.Now(), Until.END_OF_RUN)) {
            assertThat(reader.feed().isOver()).isTrue();
        }
    }

    @Test
    default void aRunIsReadToWhatThereIsNow() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(7);
        List<Seen> now = book.expected();
        try (Reader reader = open(book, new Start.FromBeginning(), Until.NOW)) {
            book.lines(5);
            List<Delivery> all = reader.toEnd();
            assertThat(Seen.of(all)).isEqualTo(now);
            assertThat(all.getLast())
                    .isEqualTo(new Delivery.UpToDate(reader.feed().cursor()));
            book.complete().finishStage().completeRun();
            try (Reader rest = open(book, new Start.After(reader.feed().cursor()), Until.NOW)) {
                List<Delivery> more = rest.toEnd();
                assertThat(Seen.of(more))
                        .isEqualTo(book.expected()
                                .subList(now.size(), book.expected().size()));
                assertThat(more.getLast()).isInstanceOf(Delivery.End.class);
            }
        }
    }

    @Test
    default void whatRetentionTookIsAGap() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(3).lines(4);
        RunCursor inside = lastCursor(book);
        book.lines(2).complete().finishStage().completeRun();
        subject().trim(Topic.BUILD_EVENTS, book.run(), book.lastChapterOffset());
        long lastGone = book.sequence() - 2;
        try (Reader reader = open(book)) {
            List<Delivery> all = reader.toEnd();
            assertThat(all).contains(new Delivery.Gap(4, lastGone));
            assertThat(Seen.of(all)).isEqualTo(withoutRange(book.expected(), 4, lastGone));
        }
        try (Reader reader = after(book, inside)) {
            List<Delivery> all = reader.toEnd();
            assertThat(all.getFirst()).isEqualTo(new Delivery.Gap(inside.sequence() + 1, lastGone));
            assertThat(Seen.of(all)).isEqualTo(withoutRange(book.expected(), 1, lastGone));
        }
    }

    @Test
    default void aChapterThatLostItsEndGoesOnAtItsClosing() throws Exception {
        lostEnd(false);
    }

    @Test
    default void aChapterWhoseEndIsOverwrittenGoesOnAtItsClosing() throws Exception {
        lostEnd(true);
    }

    private void lostEnd(boolean grownOver) throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(3);
        int shown = book.expected().size();
        List<RunCursor> cursors;
        try (Reader live = open(book)) {
            cursors = Seen.cursors(live.untilEvents(shown));
            book.requestCancel().loseTheEnd(5);
            if (grownOver) {
                book.growOver();
            }
            book.finishStage()
                    .requestStage()
                    .claim()
                    .lines(2)
                    .complete()
                    .finishStage()
                    .completeRun();
            assertThat(Seen.of(live.toEnd())).isEqualTo(book.expected());
            assertThat(live.deliveries()).contains(new Delivery.Gap(shown + 1, shown + 6));
        }
        for (Until until : Until.values()) {
            try (Reader replay = open(book, new Start.FromBeginning(), until)) {
                assertThat(Seen.of(replay.toEnd())).isEqualTo(book.expected());
                assertThat(replay.deliveries()).contains(new Delivery.Gap(shown + 1, shown + 6));
            }
        }
        for (int i = 0; i < shown; i++) {
            try (Reader rest = after(book, cursors.get(i))) {
                assertThat(Seen.of(rest.toEnd()))
                        .isEqualTo(
                                book.expected().subList(i + 1, book.expected().size()));
                assertThat(rest.deliveries()).contains(new Delivery.Gap(shown + 1, shown + 6));
            }
        }
    }

    @Test
    default void aClosedChapterThatLostItsEndIsPassedByWhoWantsNow() throws Exception {
        Book book = new Book(subject())
                .create()
                .requestStage()
                .claim()
                .lines(3)
                .loseTheEnd(5)
                .finishStage();
        int before = book.expected().size();
        try (Reader reader = open(book, new Start.Now(), Until.END_OF_RUN)) {
            assertThat(reader.feed().cursor().sequence()).isEqualTo(book.sequence());
            book.requestStage().claim().complete().finishStage().completeRun();
            assertThat(Seen.of(reader.toEnd()))
                    .isEqualTo(book.expected().subList(before, book.expected().size()));
        }
    }

    @Test
    default void aRecordWithoutAValueCountsLikeAnyOther() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(2);
        try (Reader live = open(book)) {
            live.untilEvents(book.expected().size());
            book.completeWithoutValue().finishStage().completeRun();
            assertThat(Seen.of(live.toEnd())).isEqualTo(book.expected());
        }
        try (Reader replay = open(book)) {
            assertThat(Seen.of(replay.toEnd())).isEqualTo(book.expected());
        }
    }

    private static List<Seen> withoutRange(List<Seen> all, long from, long to) {
        return all.stream()
                .filter(it -> it.sequence() < from || it.sequence() > to)
                .toList();
    }

    @Test
    default void anEndedRunOfWhichNothingIsLeftEndsAfterItsGap() throws Exception {
        Book book = Book.complete(subject());
        RunCursor end = lastCursor(book);
        subject().trim(Topic.BUILD_EVENTS, book.run(), subject().end(Topic.BUILD_EVENTS, book.run()));
        subject().trim(Topic.RUN_EVENTS, book.run(), subject().end(Topic.RUN_EVENTS, book.run()));
        try (Reader reader = open(book)) {
            List<Delivery> all = reader.toEnd();
            assertThat(all).hasSize(2);
            assertThat(all.getFirst()).isEqualTo(new Delivery.Gap(1, book.sequence()));
            assertThat(all.getLast()).isInstanceOf(Delivery.End.class);
        }
        try (Reader reader = after(book, end)) {
            assertThat(reader.feed().isOver()).isTrue();
        }
    }

    @Test
    default void aCursorOfAnotherEpochIsReset() throws Exception {
        Book book = Book.complete(subject());
        RunCursor cursor = RunCursor.beforeFirst(subject().epoch() + 1, book.partition(), book.run());
        assertReset(book, cursor, ResetReason.EPOCH);
    }

    @Test
    default void aCursorBeyondTheEndIsReset() throws Exception {
        Book book = Book.complete(subject());
        RunCursor last = lastCursor(book);
        RunCursor spine = new RunCursor(
                last.epoch(),
                last.partition(),
                last.runCheck(),
                last.spineOffset() + 1000,
                last.chapter(),
                last.eventIdPrefix(),
                last.sequence() + 5,
                1);
        assertReset(book, spine, ResetReason.BEYOND_END);
    }

    @Test
    default void aCursorOfARewrittenLogIsReset() throws Exception {
        Book book = Book.complete(subject());
        RunCursor last = lastCursor(book);
        RunCursor other = new RunCursor(
                last.epoch(),
                last.partition(),
                last.runCheck(),
                last.spineOffset(),
                last.chapter(),
                last.eventIdPrefix() + 1,
                last.sequence(),
                1);
        assertReset(book, other, ResetReason.REWRITTEN);
    }

    private void assertReset(Book book, RunCursor cursor, ResetReason reason) throws Exception {
        RunCursor start = RunCursor.beforeFirst(subject().epoch(), book.partition(), book.run());
        for (Until until : Until.values()) {
            try (Reader reader = open(book, new Start.After(cursor), until)) {
                List<Delivery> all = reader.toEnd();
                assertThat(all.getFirst()).isEqualTo(new Delivery.Reset(reason, start));
                assertThat(Seen.of(all)).isEqualTo(book.expected());
            }
        }
    }

    @Test
    default void cursorsThatNobodyGaveOutAreRefused() throws Exception {
        Book book = Book.complete(subject());
        Book other = new Book(subject()).create();
        RunCursor end = lastCursor(book);
        RunCursor wrongSequence = new RunCursor(
                end.epoch(),
                end.partition(),
                end.runCheck(),
                end.spineOffset(),
                end.chapter(),
                end.eventIdPrefix(),
                end.sequence() + 7,
                1);
        RunCursor wrongPartition = RunCursor.beforeFirst(subject().epoch(), (book.partition() + 1) % 4, book.run());
        assertThatThrownBy(() -> after(other, end))
                .isInstanceOfSatisfying(
                        CursorRefused.class, it -> assertThat(it.isForeign()).isTrue());
        assertThatThrownBy(() -> after(book, wrongPartition))
                .isInstanceOfSatisfying(
                        CursorRefused.class, it -> assertThat(it.isForeign()).isFalse());
        assertReset(book, wrongSequence, ResetReason.REWRITTEN);
    }

    @Test
    default void aStaleCatalogueIsNotBelieved() throws Exception {
        Book book = Book.complete(subject());
        RunLocation stale = new RunLocation(
                book.run(),
                book.partition(),
                book.location().firstOffset() + 1,
                book.location().latest(),
                false,
                Set.of(Topic.BUILD_EVENTS));
        try (Reader reader = new Reader(subject().log().open(stale, new Start.FromBeginning(), Until.END_OF_RUN))) {
            assertThat(Seen.of(reader.toEnd())).isEqualTo(book.expected());
        }
    }

    @Test
    default void whatCannotBeDecodedKeepsItsNumbers() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim();
        book.undecodable(1).lines(2).undecodable(3).complete().finishStage().completeRun();
        try (Reader reader = open(book)) {
            assertThat(Seen.of(reader.toEnd())).isEqualTo(book.expected());
        }
    }

    @Test
    default void whatTheSpineGetsDuringAChapterIsToldAtOnceAndNumberedAfterIt() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(1);
        try (Reader reader = open(book)) {
            reader.untilEvents(book.expected().size());
            book.requestCancel();
            List<Delivery> told = reader.until(it -> it.getLast() instanceof Delivery.Notice);
            assertThat(((Delivery.Notice) told.getLast()).record().headers().type())
                    .isEqualTo("run.cancel.requested");
            book.lines(1).complete().finishStage().completeRun();
            List<Delivery> all = reader.toEnd();
            assertThat(Seen.of(all)).isEqualTo(book.expected());
            assertThat(all.stream().filter(Delivery.Notice.class::isInstance)).hasSize(1);
        }
        try (Reader later = open(book)) {
            assertThat(later.toEnd()).noneMatch(Delivery.Notice.class::isInstance);
        }
    }

    @Test
    default void aChapterThatIsThereBeforeItsOpeningIsReadWhole() throws Exception {
        RunId run = RunId.of(UUID.randomUUID());
        long before = subject().end(Topic.BUILD_EVENTS, run);
        Book chapter = new Book(subject(), run);
        try (Reader reader = open(chapter)) {
            Book book = new Book(subject(), run).create();
            reader.untilEvents(2);
            EarlyChapter.write(subject(), run, 20);
            book.requestStage(before);
            List<Delivery> all = reader.untilEvents(3 + 1 + 20);
            assertThat(Seen.of(all)).extracting(Seen::sequence).endsWith(22L, 23L, 24L);
        }
    }

    @Test
    default void allWatchersSeeTheSame() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim();
        List<Callable<List<Seen>>> watchers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean slow = i % 8 == 0;
            watchers.add(() -> {
                try (Reader reader = open(book)) {
                    reader.untilEvents(slow ? 3 : 40);
                    TimeUnit.MILLISECONDS.sleep(slow ? 300 : 0);
                    return Seen.of(reader.toEnd());
                }
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Seen>>> results = new ArrayList<>();
            watchers.forEach(it -> results.add(threads.submit(it)));
            for (int i = 0; i < 300; i++) {
                book.lines(1 + i % 150);
            }
            book.complete().finishStage().completeRun();
            for (Future<List<Seen>> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(book.expected());
            }
        }
    }

    @Test
    default void aWaitingReaderCanBeWoken() throws Exception {
        Book book = new Book(subject()).create();
        try (Reader reader = open(book)) {
            reader.untilEvents(2);
            Thread waker = Thread.ofVirtual().start(reader.feed()::wake);
            long began = System.nanoTime();
            assertThat(reader.feed().next(Duration.ofSeconds(20))).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            waker.join();
        }
    }
}
