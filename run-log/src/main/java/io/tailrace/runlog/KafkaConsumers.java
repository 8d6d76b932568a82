package io.tailrace.runlog;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Asks for the consumers of the reading side. */
final class KafkaConsumers {
    private static final int API_TIMEOUT_MS = 5000;
    private static final int REQUEST_TIMEOUT_MS = 4000;

    private final LogAccess access;

    KafkaConsumers(LogAccess access) {
        this.access = access;
    }

    /** A consumer for many partitions at once, with small bites of each, that learns of new partitions soon. */
    Consumer<byte[], byte[]> forTail() {
        // A fetch in flight delays partitions that are added meanwhile: by 25 ms at most.
        return consumer("tail", 25, 512 * 1024, 8 * 1024 * 1024, 200);
    }

    /** A consumer that reads one partition at a time from anywhere. */
    Consumer<byte[], byte[]> forScans(int number) {
        // A fetch in flight at the end of the log delays the next place by 5 ms at most.
        return consumer("scan-" + number, 5, 1024 * 1024, 1024 * 1024, 500);
    }

    private Consumer<byte[], byte[]> consumer(
            String purpose, int fetchWaitMs, int partitionBytes, int fetchBytes, int records) {
        return access.consumer(
                purpose,
                Map.of(
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        fetchWaitMs,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        partitionBytes,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        fetchBytes,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        records,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        API_TIMEOUT_MS,
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_TIMEOUT_MS));
    }
}
