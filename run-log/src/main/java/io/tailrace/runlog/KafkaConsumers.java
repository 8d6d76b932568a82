package io.tailrace.runlog;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the consumers of the reading side: without groups, of committed records, never resetting an offset by itself. */
final class KafkaConsumers {
    private final String reader;
    private final LogAccess access;

    /** @param reader what their client ids begin with */
    KafkaConsumers(String reader, LogAccess access) {
        this.reader = reader;
        this.access = access;
    }

    /** A consumer for many partitions at once, with small bites of each, that learns of new partitions soon. */
    Consumer<byte[], byte[]> forTail() {
        Map<String, Object> config = common("tail");
        // A fetch in flight delays partitions that are added meanwhile: by this at most.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "25");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(512 * 1024));
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(8 * 1024 * 1024));
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "200");
        return new KafkaConsumer<>(config);
    }

    /** A consumer that reads one partition at a time from anywhere. */
    Consumer<byte[], byte[]> forScans(int number) {
        Map<String, Object> config = common("scan-" + number);
        // A fetch in flight at the end of the log delays the next place by this at most.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "5");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(1024 * 1024));
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(1024 * 1024));
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500");
        return new KafkaConsumer<>(config);
    }

    private Map<String, Object> common(String use) {
        Map<String, Object> config = access.client(reader + "-" + use);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }
}
