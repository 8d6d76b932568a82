package io.tailrace.coordinator.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.service.trace.Traces;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures, and asserts nothing: CPU time of the processor for a window of console lines, for a tick beside many active
 * runs, and for a task that starts with them. Without Kafka. {@code mvn -pl run-coordinator test
 * -Dtest=ProcessingCostMeasurement}.
 */
class ProcessingCostMeasurement {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final int RUNS = 10_000;

    @TempDir
    private File folder;

    @SuppressWarnings("NullAway.Init")
    private MockProcessorContext<byte[], byte[]> context;

    private long offset;

    @Test
    void measure() {
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder);
        KeyValueStore<byte[], byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RunTopology.RUN_STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        RunProcessor processor = started();
        RunId run = new RunId("r-flood");
        give(processor, Topic.RUN_COMMANDS, Records.create(run, 1, Limits.DEFAULT));
        give(processor, Topic.BUILD_EVENTS, Records.of(run, 1, 1, 1, "a", Records.claim()));
        long sequence = 1;
        for (int round = 0; round < 6; round++) {
            int count = 50_000;
            ProducerRecord<?, ?>[] windows = new ProducerRecord<?, ?>[count];
            for (int i = 0; i < count; i++) {
                windows[i] = Records.of(run, 1, 1, ++sequence, "a", Records.lines(2));
            }
            long before = cpu();
            for (ProducerRecord<?, ?> window : windows) {
                give(processor, Topic.BUILD_EVENTS, bytes(window));
            }
            System.out.printf("MEASURED window of lines: %.2f us of CPU%n", (cpu() - before) / 1e3 / count);
        }
        for (int i = 0; i < RUNS; i++) {
            RunId other = new RunId("r-" + i + "-other");
            give(processor, Topic.RUN_COMMANDS, Records.create(other, 1, Limits.DEFAULT));
            give(processor, Topic.BUILD_EVENTS, Records.of(other, 1, 1, 1, "a", Records.claim()));
            context.resetForwards();
        }
        for (int round = 0; round < 5; round++) {
            long before = cpu();
            give(
                    processor,
                    Topic.BUILD_EVENTS,
                    Records.KAFKA.stageEvent(
                            0, BuildEvent.tick(EventId.of(new UUID(4, offset)), NOW, new StageFact.Tick("x"))));
            System.out.printf("MEASURED tick beside %d runs: %.1f ms of CPU%n", RUNS, (cpu() - before) / 1e6);
        }
        long before = cpu();
        processor.close();
        started();
        System.out.printf("MEASURED start with %d runs: %.1f ms of CPU%n", RUNS, (cpu() - before) / 1e6);
    }

    @SuppressWarnings("unchecked")
    private static ProducerRecord<byte[], byte[]> bytes(ProducerRecord<?, ?> record) {
        return (ProducerRecord<byte[], byte[]>) record;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private RunProcessor started() {
        TopologySettings settings = new TopologySettings(
                "test", Records.log(7), 1, Duration.ofDays(30), Duration.ofSeconds(30), StageTimeouts.DEFAULT);
        RunProcessor fresh = new RunProcessor(new TopologyParts(
                settings,
                Records.CODEC,
                Records.KAFKA,
                new StateCodecs(),
                new AppendedRecords(),
                new CoordinatorMetrics(new SimpleMeterRegistry(), () -> NOW),
                () -> new UUID(3, 3),
                () -> NOW,
                new RecordedLog().reading(),
                new WholeLog(),
                Traces.NONE));
        fresh.init(context);
        return fresh;
    }

    private void give(RunProcessor processor, Topic topic, ProducerRecord<byte[], byte[]> record) {
        context.setRecordMetadata(topic.topicName(), 0, offset++);
        processor.process(new Record<>(record.key(), record.value(), NOW.toEpochMilli(), record.headers()));
    }
}
