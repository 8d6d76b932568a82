package io.tailrace.runlog;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.runlog.LogSource.Chunk;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the spine of a run and nothing else, up to where the log ended when it was asked. Used once, by one thread. */
final class SpineScan {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final LogSource source;
    private final RunLocation run;
    private final RunLog.SpineSink sink;
    private final Wakeup pauses = new Wakeup();
    private boolean enough;

    SpineScan(LogSource source, RunLocation run, RunLog.SpineSink sink) {
        this.source = source;
        this.run = run;
        this.sink = sink;
    }

    private boolean take(LogRecord record) {
        enough = !sink.take(record);
        return !enough;
    }

    void read(OptionalLong from) throws LogUnreadable, InterruptedException {
        long began = System.nanoTime();
        long end = source.ends(run.partition()).spine();
        Optional<LogSource.Passed> passed = Optional.empty();
        long next = from.isPresent() ? from.getAsLong() : ResolvedStart.beginning(run, source);
        while (!enough && next < end) {
            LogPosition at = new LogPosition(Topic.RUN_EVENTS, run.partition(), next);
            long moved = switch (source.scan(run.run(), at, passed, end, this::take)) {
                case Chunk.Read read -> {
                    passed = read.passed();
                    yield read.nextOffset();
                }
                case Chunk.Trimmed trimmed -> trimmed.logStart();
                case Chunk.Beyond _ -> throw new LogUnreadable("the log was cut off while it was read");
            };
            if (moved <= next) {
                pauses.await(PAUSE);
            }
            next = moved;
            if (System.nanoTime() - began > WITHIN.toNanos()) {
                throw new LogUnreadable("it takes too long to read the facts of " + run.run());
            }
        }
    }
}
