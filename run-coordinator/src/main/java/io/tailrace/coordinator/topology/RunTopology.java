package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.service.trace.Traces;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

    private static final String DECIDE = "decide";
    private static final String PROJECT = "project";

    private final TopologyParts parts;

    /**
     * A topology over these parts.
     *
     * @param randomIds ids of ticks, which nothing depends on
     * @param clock for ticks, for spans and for what is to be forgotten, never for decisions
     * @param reading what states are checked against the log with
     * @param positions where the inputs are read
     * @param traces of this process
     */
    public RunTopology(
            TopologySettings settings,
            EventCodec codec,
            StageEventLog stageEvents,
            CoordinatorMetrics metrics,
            Supplier<UUID> randomIds,
            InstantSource clock,
            LogReading reading,
            InputPositions positions,
            Traces traces) {
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
                positions,
                traces);
    }

    /** A new topology. */
    public Topology build() {
        Topology topology = new Topology();
        List<Topic> inputs = new ArrayList<>(List.of(Topic.RUN_COMMANDS));
        inputs.addAll(StageKind.eventTopics());
        inputs.forEach(it -> source(topology, it));
        topology.addProcessor(
                DECIDE,
                () -> new RunProcessor(parts),
                inputs.stream().map(RunTopology::sourceOf).toArray(String[]::new));
        topology.addStateStore(store(RUN_STORE), DECIDE);
        sink(topology, Topic.RUN_EVENTS, DECIDE);
        StageKind.requestTopics().forEach(it -> sink(topology, it, DECIDE));

        source(topology, Topic.RUN_EVENTS);
        topology.addProcessor(PROJECT, () -> new ViewProcessor(parts), sourceOf(Topic.RUN_EVENTS));
        topology.addStateStore(store(VIEW_STORE), PROJECT);
        sink(topology, Topic.RUNS, PROJECT);
        return topology;
    }

    /** The name of the node that writes to a topic. */
    static String sinkOf(Topic topic) {
        return shortName(topic) + "-sink";
    }

    private static String sourceOf(Topic topic) {
        return shortName(topic) + "-source";
    }

    private static String shortName(Topic topic) {
        return topic.topicName().substring(topic.topicName().indexOf('.') + 1);
    }

    private static void source(Topology topology, Topic topic) {
        topology.addSource(
                sourceOf(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic.topicName());
    }

    private static void sink(Topology topology, Topic topic, String parent) {
        topology.addSink(
                sinkOf(topic), topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }

    /** Cached, so that a run that changes often costs one changelog record per commit. */
    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of(
                        "segment.bytes", Integer.toString(16 * 1024 * 1024), "min.cleanable.dirty.ratio", "0.3"));
    }
}
