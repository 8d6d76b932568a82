package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.History.Expected;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The order of a run is total, gap-free, the same for everybody, and can be cut anywhere. */
class RunReaderProperties {

    @Provide
    Arbitrary<History> histories() {
        return Histories.any();
    }

    @Property(tries = 2000)
    void readsExactlyWhatCountsAndNumbersItWithoutGaps(@ForAll("histories") History history) {
        RunReader reader = fromStart();
        List<ReadItem> items = new Desk(history).readAll(reader);
        assertThat(expectedOf(items)).isEqualTo(history.expected);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
    }

    @Property(tries = 1000)
    void whoNeverLooksAheadReadsTheSame(@ForAll("histories") History history) {
        if (history.isRepeated()) {
            return;
        }
        RunReader reader = fromStart();
        List<ReadItem> items = new Desk(history).blind().readAll(reader);
        assertThat(expectedOf(items)).isEqualTo(history.expected);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
    }

    @Property(tries = 1500)
    void aChapterThatLostItsEndIsAGapUpToItsClosing(
            @ForAll("histories") History history,
            @ForAll @IntRange(max = 99) int which,
            @ForAll @IntRange(max = 99) int at)
            throws Exception {
        if (history.told.isEmpty()) {
            return;
        }
        History.Told stage = history.told.get(which * history.told.size() / 100);
        long firstLost = stage.counting().get(at * stage.counting().size() / 100);
        List<History.ReadBack> left = history.without(stage, firstLost);
        history.lose(stage, firstLost);
        Desk desk = new Desk(history);
        RunReader reader = fromStart();
        List<ReadItem> whole = desk.readAll(reader);
        assertThat(readBack(whole)).isEqualTo(left);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.miscounts()).isZero();
        for (int cut = 0; cut < whole.size(); cut++) {
            if (whole.get(cut) instanceof ReadItem.Numbered last) {
                RunReader resumed =
                        resume(desk, RunCursor.of(ByteBuffer.wrap(last.cursor().bytes())));
                assertThat(readBack(desk.readAll(resumed))).isEqualTo(readBack(whole.subList(cut + 1, whole.size())));
                assertThat(resumed.hasEnded()).isTrue();
            }
        }
    }

    @Property(tries = 500)
    void aCursorTakenWhereRetentionHasJustCutIsNoOtherPlace(
            @ForAll("histories") History history, @ForAll @IntRange(max = 99) int at) {
        Desk desk = new Desk(history);
        List<ReadItem> whole = desk.readAll(fromStart());
        ReadItem.Numbered last = (ReadItem.Numbered) whole.get(at * whole.size() / 100);
        RunReader reader = resume(desk, last.cursor());
        reader.trimmed(reader.next().offset() + 1);
        assertThat(reader.cursor()).isEqualTo(last.cursor());
        RunReader again = RunReader.resumeTrimmed(
                History.RUN,
                last.cursor(),
                desk.at(Topic.RUN_EVENTS, last.cursor().spineOffset()),
                0);
        assertThat(again.cursor()).isEqualTo(last.cursor());
    }

    @Property(tries = 500)
    void nobodyIsGivenANumberTwice(@ForAll("histories") History history, @ForAll @IntRange(max = 99) int at) {
        Desk desk = new Desk(history);
        List<ReadItem> whole = desk.readAll(fromStart());
        RunCursor honest = ((ReadItem.Numbered) whole.get(at * (whole.size() - 1) / 100)).cursor();
        RunCursor tooHigh = new RunCursor(
                honest.epoch(),
                honest.partition(),
                honest.runCheck(),
                honest.spineOffset(),
                honest.chapter(),
                honest.eventIdPrefix(),
                honest.sequence() + 7,
                honest.index());
        List<RunReader> readers = List.of(
                resume(desk, tooHigh),
                RunReader.resumeTrimmed(History.RUN, tooHigh, desk.at(Topic.RUN_EVENTS, tooHigh.spineOffset()), 0));
        for (RunReader reader : readers) {
            long next = reader.sequence() + 1;
            for (ReadItem item : desk.readAll(reader)) {
                long from = item instanceof ReadItem.Gap gap
                        ? gap.fromSequence()
                        : ((ReadItem.Numbered) item).firstSequence();
                assertThat(from).isEqualTo(next);
                next = item instanceof ReadItem.Gap gap
                        ? gap.toSequence() + 1
                        : ((ReadItem.Numbered) item).lastSequence() + 1;
            }
            assertThat(reader.hasEnded()).isTrue();
        }
    }

    private static List<History.ReadBack> readBack(List<ReadItem> items) {
        return items.stream()
                .map(it -> switch (it) {
                    case ReadItem.Gap gap ->
                        new History.ReadBack(Optional.empty(), gap.fromSequence(), gap.toSequence());
                    case ReadItem.Numbered numbered ->
                        new History.ReadBack(
                                Optional.of(numbered.record().headers().eventId()),
                                numbered.firstSequence(),
                                numbered.lastSequence());
                })
                .toList();
    }

    @Property(tries = 400)
    void aPrefixAndTheResumedRestAreTheWhole(@ForAll("histories") History history) throws Exception {
        Desk desk = new Desk(history);
        List<ReadItem> whole = desk.readAll(fromStart());
        for (int cut = 0; cut < whole.size(); cut++) {
            ReadItem.Numbered last = (ReadItem.Numbered) whole.get(cut);
            for (int delivered = 1; delivered <= last.count(); delivered++) {
                RunCursor cursor =
                        RunCursor.of(ByteBuffer.wrap(last.cursorAfter(delivered).bytes()));
                RunReader resumed = resume(desk, cursor);
                List<ReadItem> rest = desk.readAll(resumed);
                assertThat(expectedOf(rest)).isEqualTo(expectedOf(whole.subList(cut + 1, whole.size())));
                assertThat(cursors(rest)).isEqualTo(cursors(whole.subList(cut + 1, whole.size())));
                assertThat(superseded(rest)).isEqualTo(superseded(whole.subList(cut + 1, whole.size())));
                assertThat(resumed.hasEnded()).isTrue();
                assertThat(resumed.miscounts()).isZero();
            }
        }
    }

    @Property(tries = 1000)
    void whatRetentionTookIsNamedAndTheRestKeepsItsNumbers(
            @ForAll("histories") History history,
            @ForAll @IntRange(max = 99) int spineCut,
            @ForAll @IntRange(max = 99) int chapterCut) {
        long spineStart = startAfter(history.spine, spineCut);
        long chapterStart = startAfter(history.chapters, chapterCut);
        RunReader reader = fromStart();
        List<ReadItem> items =
                new Desk(history).trimmedTo(spineStart, chapterStart).readAll(reader);
        long next = 1;
        for (ReadItem item : items) {
            switch (item) {
                case ReadItem.Gap gap -> {
                    assertThat(gap.fromSequence()).isEqualTo(next);
                    assertThat(gap.toSequence()).isGreaterThanOrEqualTo(next);
                    next = gap.toSequence() + 1;
                }
                case ReadItem.Numbered numbered -> {
                    assertThat(numbered.firstSequence()).isEqualTo(next);
                    next = numbered.lastSequence() + 1;
                }
            }
        }
        assertThat(history.expected).containsAll(expectedOf(items));
        assertThat(reader.hasEnded()).isTrue();
        assertThat(next).isEqualTo(history.expected.getLast().firstSequence() + 1);
    }

    @Property(tries = 500)
    void aCursorOlderThanRetentionContinuesAtTheEarliest(
            @ForAll("histories") History history,
            @ForAll @IntRange(max = 99) int at,
            @ForAll @IntRange(max = 99) int spineCut,
            @ForAll @IntRange(max = 99) int chapterCut) {
        List<ReadItem> whole = new Desk(history).readAll(fromStart());
        ReadItem.Numbered last = (ReadItem.Numbered) whole.get(at * whole.size() / 100);
        RunCursor cursor = last.cursor();
        Desk desk = new Desk(history)
                .trimmedTo(startAfter(history.spine, spineCut), startAfter(history.chapters, chapterCut));
        Optional<LogRecord> spine = desk.at(Topic.RUN_EVENTS, cursor.spineOffset());
        Optional<LogRecord> inChapter = cursor.chapter().flatMap(it -> desk.at(Topic.BUILD_EVENTS, it.lastOffset()));
        RunReader reader = spine.isPresent()
                        && inChapter.isPresent() == cursor.chapter().isPresent()
                ? RunReader.resume(History.RUN, cursor, spine.get(), inChapter).orElseThrow()
                : RunReader.resumeTrimmed(History.RUN, cursor, spine, startAfter(history.spine, spineCut));
        List<ReadItem> rest = desk.readAll(reader);
        long next = last.lastSequence() + 1;
        for (ReadItem item : rest) {
            if (item instanceof ReadItem.Gap gap) {
                assertThat(gap.fromSequence()).isEqualTo(next);
                next = gap.toSequence() + 1;
            } else if (item instanceof ReadItem.Numbered numbered) {
                assertThat(numbered.firstSequence()).isEqualTo(next);
                next = numbered.lastSequence() + 1;
            }
        }
        assertThat(history.expected).containsAll(expectedOf(rest));
        boolean cursorAtEnd = last.record().headers().mark() == Mark.RUN_END;
        assertThat(reader.hasEnded()).isEqualTo(!cursorAtEnd || spine.isPresent());
    }

    @Property(tries = 300)
    void aCursorOfARewrittenLogIsNoticed(@ForAll("histories") History history, @ForAll @IntRange(max = 99) int at) {
        Desk desk = new Desk(history);
        List<ReadItem> whole = desk.readAll(fromStart());
        RunCursor cursor = ((ReadItem.Numbered) whole.get(at * whole.size() / 100)).cursor();
        RunCursor other = new RunCursor(
                cursor.epoch(),
                cursor.partition(),
                cursor.runCheck(),
                cursor.spineOffset(),
                cursor.chapter(),
                cursor.eventIdPrefix() + 1,
                cursor.sequence(),
                cursor.index());
        assertThat(RunReader.resume(
                        History.RUN,
                        other,
                        desk.at(Topic.RUN_EVENTS, other.spineOffset()).orElseThrow(),
                        other.chapter().flatMap(it -> desk.at(Topic.BUILD_EVENTS, it.lastOffset()))))
                .isEmpty();
    }

    private static RunReader fromStart() {
        return RunReader.fromStart(History.RUN, History.PARTITION, History.EPOCH, 0);
    }

    private static RunReader resume(Desk desk, RunCursor cursor) {
        return RunReader.resume(
                        History.RUN,
                        cursor,
                        desk.at(Topic.RUN_EVENTS, cursor.spineOffset()).orElseThrow(),
                        cursor.chapter()
                                .map(it -> desk.at(Topic.BUILD_EVENTS, it.lastOffset())
                                        .orElseThrow()))
                .orElseThrow();
    }

    private static long startAfter(List<LogRecord> records, int percent) {
        int index = percent * records.size() / 100;
        return index == 0 ? 0 : records.get(index - 1).offset() + 1;
    }

    private static List<Expected> expectedOf(List<ReadItem> items) {
        List<Expected> found = new ArrayList<>();
        for (ReadItem item : items) {
            if (item instanceof ReadItem.Numbered numbered) {
                found.add(new Expected(
                        numbered.record().headers().eventId(), numbered.firstSequence(), numbered.count()));
            }
        }
        return found;
    }

    private static List<RunCursor> cursors(List<ReadItem> items) {
        return items.stream().map(it -> ((ReadItem.Numbered) it).cursor()).toList();
    }

    private static List<Optional<Long>> superseded(List<ReadItem> items) {
        return items.stream()
                .map(it -> ((ReadItem.Numbered) it).supersedesFrom())
                .toList();
    }
}
