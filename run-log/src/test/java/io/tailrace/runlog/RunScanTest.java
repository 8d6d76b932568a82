package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a reading of the topics makes of a log that ends before where it is. */
class RunScanTest {
    private static final int LEADER = 7;

    private final MemoryLogUnderTest log = MemoryLogUnderTest.fake();
    private final Passing source = new Passing(log.memory());

    /** Tells what was passed, as brokers do, and notes what it is told. */
    private static final class Passing implements LogSource {
        final MemoryLog memory;
        final List<Optional<Passed>> told = new ArrayList<>();

        Passing(MemoryLog memory) {
            this.memory = memory;
        }

        @Override
        public Chunk scan(RunId run, LogPosition from, Optional<Passed> passed, long upTo, Sink sink) {
            told.add(passed);
            return memory.scan(run, from, passed, upTo, sink) instanceof Chunk.Read read
                    ? new Chunk.Read(read.nextOffset(), Optional.of(new Passed(read.nextOffset() - 1, LEADER)))
                    : memory.scan(run, from, passed, upTo, sink);
        }

        @Override
        public OptionalLong epoch() {
            return memory.epoch();
        }

        @Override
        public long currentEpoch() {
            return memory.currentEpoch();
        }

        @Override
        public Place at(RunId run, LogPosition position) {
            return memory.at(run, position);
        }

        @Override
        public LogEnds ends(int partition) {
            return memory.ends(partition);
        }

        @Override
        public void forget() {}
    }

    private RunScan scan(Book book) {
        RunReader reader = RunReader.fromStart(book.run(), book.partition(), 42, 0);
        return new RunScan(book.run(), reader, source);
    }

    /** Steps until there is nothing more, one record at a time. */
    private static RunScan.Step readOn(RunScan scan, int most) throws Exception {
        RunScan.Step last = new RunScan.Step.AtEnd();
        for (int i = 0; i < most; i++) {
            last = scan.step(Long.MAX_VALUE, 1);
            if (!(last instanceof RunScan.Step.Moved)) {
                return last;
            }
        }
        return last;
    }

    @Test
    void aLogThatEndsBeforeWhereItsReaderIsWasCutOff() throws Exception {
        Book book = new Book(log).create().requestStage().claim().lines(1).lines(1);
        RunScan scan = scan(book);
        assertThat(readOn(scan, 100)).isInstanceOf(RunScan.Step.AtEnd.class);

        log.memory().cutOff(Topic.BUILD_EVENTS, log.memory().end(Topic.BUILD_EVENTS) - 1);

        assertThat(readOn(scan, 100)).isInstanceOf(RunScan.Step.CutOff.class);
    }

    @Test
    void aChapterThatIsClosedButHasLostItsEndIsNotWaitedFor() throws Exception {
        Book book = new Book(log).create().requestStage().claim().lines(1).lines(1);
        RunScan scan = scan(book);
        assertThat(readOn(scan, 100)).isInstanceOf(RunScan.Step.AtEnd.class);
        book.lines(1).complete().finishStage().completeRun();
        long closed = log.memory().end(Topic.BUILD_EVENTS);
        while (scan.reader().chapterEnd().isEmpty()) {
            scan.lookAhead(Long.MAX_VALUE);
        }

        log.memory().cutOff(Topic.BUILD_EVENTS, closed - 5);
        RunScan.Step last = readOn(scan, 100);

        assertThat(scan.reader().hasEnded()).as("after " + last).isTrue();
    }

    @Test
    void whereAReadingHasBeenIsToldToTheLog() throws Exception {
        Book book = new Book(log).create().requestStage().claim().lines(1).lines(1);
        RunScan scan = scan(book);
        assertThat(readOn(scan, 100)).isInstanceOf(RunScan.Step.AtEnd.class);
        long next = scan.reader().next().offset();
        source.told.clear();

        RunScan.Step _ = scan.step(Long.MAX_VALUE, 1);

        assertThat(source.told).containsExactly(Optional.of(new LogSource.Passed(next - 1, LEADER)));
    }
}
