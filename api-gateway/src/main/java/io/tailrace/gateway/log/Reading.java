package io.tailrace.gateway.log;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import io.tailrace.gateway.log.LogSource.Chunk;
import java.util.ArrayList;
import java.util.List;

/** A reader at work on the log: turns scanned chunks into items of the order. Confined to one thread at a time. */
final class Reading {
    private final RunId run;
    private final RunReader reader;
    private final LogSource source;

    Reading(RunId run, RunReader reader, LogSource source) {
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

    /** Reads the next chunk from the log, up to an offset (exclusive) of the partition that the reader is in. */
    Step step(long upTo, int maxBytes) throws LogUnreadable, InterruptedException {
        LogPosition from = reader.next();
        Intake intake = new Intake(from.topic(), maxBytes);
        return switch (source.scan(run, from, upTo, intake)) {
            case Chunk.Beyond _ -> new Step.CutOff();
            case Chunk.Trimmed trimmed -> {
                reader.trimmed(trimmed.logStart());
                yield new Step.Moved(List.of(), 0);
            }
            case Chunk.Read read when read.nextOffset() <= from.offset() -> new Step.AtEnd();
            case Chunk.Read read -> {
                if (reader.next().topic() == from.topic()) {
                    reader.advanceTo(read.nextOffset());
                }
                yield new Step.Moved(intake.items, intake.bytes);
            }
        };
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
