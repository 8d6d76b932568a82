package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The coordinator's topology: commands and the events of stages in, lifecycle events and requests out; beside it lifecycle
 * events in, views of runs out. All in bytes: nothing fails in a deserializer.
 */
public final class RunTopology {
    static final String RUN_STORE = "run-states";
    static final String VIEW_STORE = "run-views";
    static final String RUN_EVENTS_SINK = "run-events-sink";
    static final String BUILD_REQUESTS_SINK = "build-requests-sink";
    static final String TURN_REQUESTS_SINK = "turn-requests-sink";

    private static final String DECIDE = "decide";
    private static final String PROJECT = "project";

    private final TopologyParts parts;

    /**
     * A topology over these parts.
     *
     * @param randomIds ids of ticks, which nothing depends on
     * @param clock for ticks and for what is to be forgotten, never for decisions
     * @param reading what states are checked against the log with
     * @param positions where the inputs are read
     */
    public RunTopology(
            TopologySettings settings,
            EventCodec codec,
            StageEventLog stageEvents,
            CoordinatorMetrics metrics,
            Supplier<UUID> randomIds,
            InstantSource clock,
            LogReading reading,
            InputPositions positions) {
        this.parts = new TopologyParts(
                settings,
                codec,
                new KafkaRecords(codec),
                new StateCodecs(),
                stageEvents,
                metrics,
                randomIds,
                clock,
                reading,
                positions);
    }

    /** A new topology. */
    public Topology build() {
        Topology topology = new Topology();
        source(topology, "run-commands-source", Topic.RUN_COMMANDS);
        source(topology, "build-events-source", Topic.BUILD_EVENTS);
        source(topology, "turn-events-source", Topic.TURN_EVENTS);
        topology.addProcessor(
                DECIDE,
                () -> new RunProcessor(parts),
                "run-commands-source",
                "build-events-source",
                "turn-events-source");
        topology.addStateStore(store(RUN_STORE), DECIDE);
        sink(topology, RUN_EVENTS_SINK, Topic.RUN_EVENTS, DECIDE);
        sink(topology, BUILD_REQUESTS_SINK, Topic.BUILD_REQUESTS, DECIDE);
        sink(topology, TURN_REQUESTS_SINK, Topic.TURN_REQUESTS, DECIDE);

        source(topology, "run-events-source", Topic.RUN_EVENTS);
        topology.addProcessor(PROJECT, () -> new ViewProcessor(parts), "run-events-source");
        topology.addStateStore(store(VIEW_STORE), PROJECT);
        sink(topology, "runs-sink", Topic.RUNS, PROJECT);
        return topology;
    }

    private static void source(Topology topology, String name, Topic topic) {
        topology.addSource(name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic.topicName());
    }

    private static void sink(Topology topology, String name, Topic topic, String parent) {
        topology.addSink(name, topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }

    /** Cached, so that a run that changes often costs one changelog record per commit. */
    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of(
                        "segment.bytes", Integer.toString(16 * 1024 * 1024), "min.cleanable.dirty.ratio", "0.3"));
    }
}
