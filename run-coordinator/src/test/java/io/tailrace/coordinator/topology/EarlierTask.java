package io.tailrace.coordinator.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.codec.WireTree;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.service.trace.Traces;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** One task over a store that is given, whose outputs are described as lines that do not depend on the shape of states. */
final class EarlierTask implements AutoCloseable {
    /** The members of a fact by which a decision is told from another. */
    private static final List<String> TELLING =
            List.of("step", "turn_id", "attempt", "outcome", "reason", "events", "lines", "chapter");

    private final AppendedRecords appended = new AppendedRecords();
    private final MockProcessorContext<byte[], byte[]> context;
    private final RunProcessor processor;
    private Instant now;

    static KeyValueStore<byte[], byte[]> newStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RunTopology.RUN_STORE), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    /** @param entries what is stored before the task begins */
    EarlierTask(
            File folder, KeyValueStore<byte[], byte[]> store, List<KeyValue<byte[], byte[]>> entries, Instant start) {
        now = start;
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder);
        store.init(context.getStateStoreContext(), store);
        entries.forEach(it -> store.put(it.key, it.value));
        TopologySettings settings = new TopologySettings(
                "test", Records.log(7), 1, Duration.ofDays(30), Duration.ofSeconds(30), StageTimeouts.DEFAULT);
        processor = new RunProcessor(new TopologyParts(
                settings,
                Records.CODEC,
                Records.KAFKA,
                new StateCodecs(),
                appended,
                new CoordinatorMetrics(new SimpleMeterRegistry(), () -> now),
                () -> new UUID(3, 3),
                () -> now,
                new RecordedLog().reading(),
                new WholeLog(),
                Traces.NONE));
        processor.init(context);
    }

    /** Takes one record; answers what the task said to it. */
    List<String> process(Topic topic, long offset, Instant at, byte @Nullable [] key, byte[] value, Headers headers) {
        now = at;
        int before = context.forwarded().size();
        context.setRecordMetadata(topic.topicName(), 0, offset);
        processor.process(new Record<>(key, value, at.toEpochMilli(), headers));
        List<String> said = new ArrayList<>();
        context.forwarded().stream()
                .skip(before)
                .forEach(it -> said.add(line(it.childName().orElseThrow(), it.record())));
        for (ProducerRecord<byte[], byte[]> forced : appended) {
            said.add(forced.topic() + " " + headers(forced.headers()));
        }
        appended.clear();
        return said;
    }

    private static String line(String sink, Record<? extends byte[], ? extends byte[]> record) {
        try {
            String line = sink + " " + new String(record.key(), StandardCharsets.UTF_8) + " ";
            return line
                    + switch (sink) {
                        case "run-events-sink" ->
                            headers(record.headers())
                                    + telling(Records.CODEC.decode(Topic.RUN_EVENTS, RunEvent.class, record.value()));
                        case "build-requests-sink" -> {
                            BuildRequest request =
                                    Records.CODEC.decode(Topic.BUILD_REQUESTS, BuildRequest.class, record.value());
                            yield request.stageId().value() + " "
                                    + request.attempt().value() + " "
                                    + request.chapterFrom().offset();
                        }
                        case "turn-requests-sink" -> {
                            TurnRequest request =
                                    Records.CODEC.decode(Topic.TURN_REQUESTS, TurnRequest.class, record.value());
                            yield request.stageId().value() + " "
                                    + request.attempt().value() + " "
                                    + request.chapterFrom().offset() + " "
                                    + request.turnId().value() + " " + request.history();
                        }
                        default -> throw new AssertionError(sink);
                    };
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    private static String telling(RunEvent event) {
        Map<String, @Nullable Object> members = WireTree.of((java.lang.Record) event.payload());
        Map<String, @Nullable Object> telling = new LinkedHashMap<>();
        for (String name : TELLING) {
            if (members.containsKey(name)) {
                telling.put(name, members.get(name));
            }
        }
        return " " + telling;
    }

    private static Map<String, String> headers(Headers headers) {
        return KafkaRecords.headers(headers).map(EventHeaders::toMap).orElseThrow();
    }

    @Override
    public void close() {
        processor.close();
    }
}
