package io.tailrace.coordinator.host;

import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams is configured; {@link SessionTimes} has how its time-outs depend on each other. */
final class StreamsProperties {
    private static final int MAX_REQUEST_BYTES = 8 * 1024 * 1024;

    private StreamsProperties() {}

    static Properties of(KafkaClients kafka, KafkaSettings topics, CoordinatorSettings settings, String instance) {
        Properties streams = new Properties();
        streams.putAll(kafka.streams(settings.process(instance)));
        streams.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        streams.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        streams.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        streams.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        // A further coordinator gets its share a minute after its copies of the state are warm, not ten.
        streams.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        streams.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, topics.replicationFactor());
        streams.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        streams.put(StreamsConfig.POLL_MS_CONFIG, settings.pollInterval().toMillis());
        // Commands and build events are decided on as they come; waiting for the other one would only delay.
        streams.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // Of a flood in windows of 64 KiB these are 6 MB for each flooded partition.
        streams.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
        streams.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class.getName());
        streams.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        streams.put(StreamsConfig.LOG_SUMMARY_INTERVAL_MS_CONFIG, -1L);
        streams.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                Integer.toString(topics.topics().minInSyncReplicas()));

        consumer(streams, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        SessionTimes times = SessionTimes.of(settings);
        consumer(streams, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(times.session()));
        consumer(streams, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(times.heartbeat()));
        consumer(streams, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis(times.pollInterval()));
        consumer(streams, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        // What one fetch brings of a flood is what a command may have to wait behind.
        consumer(streams, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        consumer(streams, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);

        producer(streams, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(times.transaction()));
        // By then the broker has ended a transaction that timed out, so a commit without an answer is a rare thing.
        producer(streams, ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(times.transactionOver()));
        producer(streams, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(times.request()));
        producer(streams, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(times.delivery()));
        producer(streams, ProducerConfig.LINGER_MS_CONFIG, 0);
        producer(streams, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer(streams, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return streams;
    }

    private static void consumer(Properties streams, String name, Object value) {
        streams.put(StreamsConfig.mainConsumerPrefix(name), value);
    }

    private static void producer(Properties streams, String name, Object value) {
        streams.put(StreamsConfig.producerPrefix(name), value);
    }

    private static int millis(Duration time) {
        return Math.toIntExact(time.toMillis());
    }
}
