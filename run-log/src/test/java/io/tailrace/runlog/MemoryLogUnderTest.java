package io.tailrace.runlog;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.TurnEvent;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A log in memory, and a port that reads it. */
final class MemoryLogUnderTest implements LogUnderTest {
    private final EventCodec codec = new EventCodec();
    private final MemoryLog memory = new MemoryLog();
    private final RunLog log;

    private MemoryLogUnderTest(Function<MemoryLog, RunLog> port) {
        log = port.apply(memory);
    }

    /** With the fake. */
    static MemoryLogUnderTest fake() {
        return new MemoryLogUnderTest(InMemoryRunLog::new);
    }

    /** With rings so small that readers fall out of them all the time. */
    static MemoryLogUnderTest tailed() {
        return new MemoryLogUnderTest(memory -> {
            RunLogLimits limits = new RunLogLimits(64 << 10, 64 << 10, 1 << 20, 1 << 20, 4, Duration.ofMillis(100));
            TailedRunLog tailed =
                    new TailedRunLog(memory, memory, limits, new LogMeters(new SimpleMeterRegistry(), "tailrace.test"));
            tailed.start();
            return tailed;
        });
    }

    /** How many replays are open; of {@link #tailed()} only. */
    int openReplays() {
        return ((TailedRunLog) log).openReplays();
    }

    MemoryLog memory() {
        return memory;
    }

    @Override
    public RunLog log() {
        return log;
    }

    @Override
    public int partition(RunId run) {
        return MemoryLog.PARTITION;
    }

    @Override
    public long append(RunEvent event) {
        return memory.append(Topic.RUN_EVENTS, event.runId(), event.headers(), codec.encode(Topic.RUN_EVENTS, event));
    }

    @Override
    public long append(BuildEvent event) {
        return memory.append(
                Topic.BUILD_EVENTS,
                event.runId().orElseThrow(),
                event.headers(),
                codec.encode(Topic.BUILD_EVENTS, event));
    }

    @Override
    public long append(TurnEvent event) {
        return memory.append(
                Topic.TURN_EVENTS,
                event.runId().orElseThrow(),
                event.headers(),
                codec.encode(Topic.TURN_EVENTS, event));
    }

    @Override
    public void appendSoon(BuildEvent event) {
        append(event);
    }

    @Override
    public long append(Topic topic, RunId run, EventHeaders headers, byte @Nullable [] value) {
        return memory.append(topic, run, headers, value == null ? new byte[0] : value);
    }

    @Override
    public void trim(Topic topic, RunId run, long offset) {
        memory.trim(topic, offset);
    }

    @Override
    public long end(Topic topic, RunId run) {
        return memory.end(topic);
    }

    @Override
    public long epoch() {
        return memory.currentEpoch();
    }

    @Override
    public void close() {
        if (log instanceof TailedRunLog tailed) {
            tailed.close();
        }
    }
}
