package io.tailrace.coordinator.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.RedispatchReason;
import io.tailrace.events.stage.StageFact.AbortReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The coordinator's metrics. Thread-safe. */
public final class CoordinatorMetrics {
    private static final String PREFIX = "tailrace.coordinator.";

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Timer latency;
    private final Counter voidRecords;
    private final Counter failedDecisions;
    private final Counter failedAppends;
    private final Counter repeatedRequests;
    private final Map<TopicPlace, TickSample> samples = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> unreadable = new ConcurrentHashMap<>();

    private final Map<Integer, Integer> lost = new ConcurrentHashMap<>();
    private volatile Optional<String> lastRewound = Optional.empty();
    private final Counter takenUp;
    private final Counter failedStateChecks;

    private record TopicPlace(Topic topic, int partition) {}

    /** The gauges of one partition of a worker topic, at its last tick. */
    record TickSample(int activeRuns, Duration silence, Instant lastTick) {}

    public CoordinatorMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.latency = Timer.builder(PREFIX + "decision.latency")
                .description("From the broker's append of an input to the decision on it")
                .publishPercentileHistogram()
                .register(registry);
        this.voidRecords = registry.counter(PREFIX + "void.records");
        this.failedDecisions = registry.counter(PREFIX + "failed.decisions");
        this.failedAppends = registry.counter(PREFIX + "failed.appends");
        this.repeatedRequests = registry.counter(PREFIX + "repeated.requests");
        this.takenUp = registry.counter(PREFIX + "runs.taken.up");
        this.failedStateChecks = registry.counter(PREFIX + "failed.state.checks");
        countFromZero();
        gauge("lost.runs", "Runs that are open by the log and cannot be taken up", CoordinatorMetrics::lostRuns);
        gauge("active.runs", "Runs that have not ended", it -> it.sum(TickSample::activeRuns));
        gauge(
                "silence.seconds",
                "The longest silence of a worker that holds a stage",
                it -> it.max(sample -> sample.silence().toMillis() / 1000.0));
        gauge(
                "tick.lag.seconds",
                "The age of the oldest partition's last tick that was read",
                it -> it.tickLag().toMillis() / 1000.0);
        gauge(
                "unreadable.states",
                "Stored runs that cannot be read and do not go on",
                CoordinatorMetrics::unreadableStates);
    }

    /** A series that begins with 1 shows no increase: what is rare is there, with 0, before it happens. */
    private void countFromZero() {
        for (RedispatchReason reason : RedispatchReason.values()) {
            Counter _ = redispatches(reason);
        }
        for (AbortReason reason : AbortReason.values()) {
            Counter _ = aborts(reason);
        }
        for (Topic topic : StageKind.eventTopics()) {
            Counter _ = undecodableRecords(topic.topicName());
            Counter _ = cutOffs(topic);
            Counter _ = rewinds(topic);
        }
        Counter _ = undecodableRecords(Topic.RUN_COMMANDS.topicName());
        Counter _ = rewinds(Topic.RUN_COMMANDS);
        Counter _ = undecodableRecords(Topic.RUN_EVENTS.topicName());
    }

    private void gauge(String name, String description, ToDoubleFunction<CoordinatorMetrics> value) {
        Gauge.builder(PREFIX + name, this, value).description(description).register(registry);
    }

    private double sum(ToDoubleFunction<TickSample> value) {
        return samples.values().stream().mapToDouble(value).sum();
    }

    private double max(ToDoubleFunction<TickSample> value) {
        return samples.values().stream().mapToDouble(value).max().orElse(0);
    }

    void emitted(RunFact fact) {
        registry.counter(PREFIX + "decisions", "type", fact.type().wireName()).increment();
        if (fact instanceof RunFact.StageRedispatched redispatched) {
            redispatches(redispatched.reason()).increment();
        }
    }

    private Counter redispatches(RedispatchReason reason) {
        return registry.counter(PREFIX + "redispatches", "reason", name(reason));
    }

    void decided(Instant inputAt) {
        Duration sinceAppend = Duration.between(inputAt, clock.instant());
        latency.record(sinceAppend.isNegative() ? Duration.ZERO : sinceAppend);
    }

    void aborted(AbortReason reason) {
        aborts(reason).increment();
    }

    private Counter aborts(AbortReason reason) {
        return registry.counter(PREFIX + "aborts", "reason", name(reason));
    }

    void requestRepeated() {
        repeatedRequests.increment();
    }

    void voidRecord() {
        voidRecords.increment();
    }

    /** A record of a worker topic changes nothing. */
    void refused(Topic topic, Refusal refusal) {
        registry.counter(PREFIX + "refused.records", "topic", topic.topicName(), "reason", name(refusal))
                .increment();
    }

    /** A record, or a part of one that is needed, could not be made sense of. */
    public void undecodable(String topic) {
        undecodableRecords(topic).increment();
    }

    private Counter undecodableRecords(String topic) {
        return registry.counter(PREFIX + "undecodable.records", "topic", topic);
    }

    void failedDecision() {
        failedDecisions.increment();
    }

    /** A tick or a forced end could not be appended. */
    public void failedAppend() {
        failedAppends.increment();
    }

    void ticked(Topic topic, int partition, TickSample sample) {
        samples.put(new TopicPlace(topic, partition), sample);
    }

    void unreadableStates(int partition, int count) {
        unreadable.put(partition, count);
    }

    /** A run was taken up again from the log. */
    void takenUp() {
        takenUp.increment();
    }

    /** States could not be checked against the log. */
    void failedStateCheck() {
        failedStateChecks.increment();
    }

    /** A worker topic has lost its end. */
    void cutOff(Topic topic) {
        cutOffs(topic).increment();
    }

    private Counter cutOffs(Topic topic) {
        return registry.counter(PREFIX + "cut.off.topics", "topic", topic.topicName());
    }

    /** An input is read from elsewhere than where it had been read to. */
    void rewound(Topic topic, String words) {
        rewinds(topic).increment();
        lastRewound = Optional.of(words);
    }

    private Counter rewinds(Topic topic) {
        return registry.counter(PREFIX + "inputs.rewound", "topic", topic.topicName());
    }

    /** Which input was last read from elsewhere than where it had been read to, and why. */
    public Optional<String> lastRewound() {
        return lastRewound;
    }

    /** How many runs of a partition are open by the log and cannot be taken up. */
    void lostRuns(int partition, int count) {
        lost.put(partition, count);
    }

    /** How many runs are open by the log, unknown to the state, and cannot be taken up from the log. */
    public int lostRuns() {
        return lost.values().stream().mapToInt(Integer::intValue).sum();
    }

    void left(int partition) {
        lost.remove(partition);
        samples.keySet().removeIf(it -> it.partition() == partition);
        unreadable.remove(partition);
    }

    /** The age of the last tick that was read, of the partition where it is oldest; zero without partitions. */
    public Duration tickLag() {
        Instant now = clock.instant();
        return samples.values().stream()
                .map(it -> Duration.between(it.lastTick(), now))
                .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** How many stored runs cannot be read. */
    public int unreadableStates() {
        return unreadable.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many decisions have failed in this process. */
    public long failedDecisions() {
        return (long) failedDecisions.count();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
