package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import io.tailrace.runlog.LogSource.Chunk;
import io.tailrace.runlog.LogSource.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A reader at work on the log: turns scanned chunks into items of the order. Confined to one thread at a time. */
final class RunScan {
    private final RunId run;
    private final RunReader reader;
    private final LogSource source;
    private final Map<Topic, Chunk.Read> been = new EnumMap<>(Topic.class);
    private Optional<StageId> lookedInto = Optional.empty();

    RunScan(RunId run, RunReader reader, LogSource source) {
        this.run = run;
        this.reader = reader;
        this.source = source;
    }

    RunReader reader() {
        return reader;
    }

    /** What a step brought. */
    sealed interface Step {
        /**
         * The reader has read on.
         *
         * @param items what that adds to the order, perhaps nothing
         * @param bytes of the records read
         */
        record Moved(List<ReadItem> items, long bytes) implements Step {}

        /** There is nothing more to read now. */
        record AtEnd() implements Step {}

        /** The log was cut off before where the reader is. */
        record CutOff() implements Step {}
    }

    /**
     * Reads the next chunk from the log, up to an offset (exclusive) of the partition that the reader is in. Whoever comes
     * to a chapter first looks whether the spine has closed it already: then it is read to its last record and no further.
     */
    Step step(long upTo, int maxBytes) throws LogUnreadable, InterruptedException {
        if (reader.openStage().isPresent() && !reader.openStage().equals(lookedInto)) {
            lookAhead(spineEnd());
            return new Step.Moved(List.of(), 0);
        }
        lookedInto = reader.openStage();
        LogPosition from = reader.next();
        long bound = reader.chapterEnd().map(it -> it + 1).orElse(upTo);
        Intake intake = new Intake(from.topic(), maxBytes);
        return switch (source.scan(run, from, passedBefore(from), bound, intake)) {
            case Chunk.Beyond _ -> behindTheEnd();
            case Chunk.Trimmed trimmed -> {
                reader.trimmed(trimmed.logStart());
                yield new Step.Moved(List.of(), 0);
            }
            case Chunk.Read read when read.nextOffset() <= from.offset() -> atEnd(from);
            case Chunk.Read read -> {
                been.put(from.topic(), read);
                if (reader.next().topic() == from.topic()) {
                    reader.advanceTo(read.nextOffset());
                }
                yield new Step.Moved(intake.items, intake.bytes);
            }
        };
    }

    /**
     * Looks for the closing of the open chapter, if there is one, as far as the spine goes up to an offset (exclusive) or
     * for a slice of time.
     */
    void lookAhead(long upTo) throws LogUnreadable, InterruptedException {
        Optional<LogPosition> from = reader.lookAhead();
        if (from.isPresent() && from.get().offset() < upTo) {
            boolean more = switch (source.scan(run, from.get(), Optional.empty(), upTo, this::sawAhead)) {
                case Chunk.Read read -> {
                    reader.aheadTo(read.nextOffset());
                    yield read.nextOffset() > from.get().offset() && read.nextOffset() < upTo;
                }
                case Chunk.Trimmed trimmed -> {
                    reader.aheadTo(trimmed.logStart());
                    yield true;
                }
                case Chunk.Beyond _ -> false;
            };
            if (more && reader.lookAhead().isPresent()) {
                return;
            }
        }
        lookedInto = reader.openStage();
    }

    private boolean sawAhead(LogRecord record) {
        reader.ahead(record);
        return reader.lookAhead().isPresent();
    }

    private long spineEnd() throws LogUnreadable, InterruptedException {
        return source.ends(reader.next().partition()).spine();
    }

    /** What this reading has passed right before a position, if it comes from there. */
    private Optional<LogSource.Passed> passedBefore(LogPosition position) {
        return Optional.ofNullable(been.get(position.topic()))
                .filter(it -> it.nextOffset() == position.offset())
                .flatMap(Chunk.Read::passed);
    }

    /** Whether the reader has all that there was before these ends. */
    boolean reached(LogEnds ends) throws LogUnreadable, InterruptedException {
        if (!ends.reachedBy(reader.next())) {
            return false;
        }
        while (!reader.openStage().equals(lookedInto)) {
            lookAhead(ends.spine());
        }
        // A chapter that was closed by then is over, whatever its partition has.
        return ends.reachedBy(reader.next()) && reader.chapterEnd().isEmpty();
    }

    /** There is nothing to read where the reader is; if that is in a chapter, the spine may have gone on meanwhile. */
    private Step atEnd(LogPosition from) throws LogUnreadable, InterruptedException {
        if (reader.openStage().isEmpty()) {
            return new Step.AtEnd();
        }
        Optional<Long> last = reader.chapterEnd();
        if (last.isPresent()) {
            LogPosition end = new LogPosition(from.topic(), from.partition(), last.get());
            if (!(source.at(run, end) instanceof Place.Beyond)) {
                return new Step.AtEnd();
            }
            reader.lost();
            return new Step.Moved(List.of(), 0);
        }
        return spineHasGoneOn() ? new Step.Moved(List.of(), 0) : new Step.AtEnd();
    }

    private boolean spineHasGoneOn() throws LogUnreadable, InterruptedException {
        LogPosition before = reader.next();
        lookAhead(spineEnd());
        return reader.chapterEnd().isPresent() || !reader.next().equals(before);
    }

    /** The partition ends before where the reader is. */
    private Step behindTheEnd() throws LogUnreadable, InterruptedException {
        boolean inChapter = reader.openStage().isPresent();
        if (inChapter && reader.chapterEnd().isPresent()) {
            reader.lost();
            return new Step.Moved(List.of(), 0);
        }
        if (inChapter && spineHasGoneOn()) {
            return new Step.Moved(List.of(), 0);
        }
        // A chapter of which nothing was read yet has lost nothing; its stage goes on where the log ends now.
        return inChapter && reader.cursor().chapter().isEmpty() ? new Step.AtEnd() : new Step.CutOff();
    }

    /** Gives records to the reader until it has enough, or goes over to another partition, or the run has ended. */
    private final class Intake implements LogSource.Sink {
        private final Topic topic;
        private final int maxBytes;
        private final List<ReadItem> items = new ArrayList<>();
        private long bytes;

        Intake(Topic topic, int maxBytes) {
            this.topic = topic;
            this.maxBytes = maxBytes;
        }

        @Override
        public boolean take(LogRecord record) {
            bytes += record.value().length;
            items.addAll(reader.accept(record));
            return bytes < maxBytes && reader.next().topic() == topic && !reader.hasEnded();
        }
    }
}
