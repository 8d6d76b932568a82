package io.tailrace.runlog;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;

/** How readers of runs reach the brokers. Whoever gives it keeps it, and closes what it holds. Thread-safe. */
public interface LogAccess {
    /** The fingerprint of the log as it was seen last; empty if it was never reached. Never blocks. */
    OptionalLong epoch();

    /** A client to ask the leaders with; empty until there is one. Not closed by who asks. */
    Optional<Admin> admin();

    /**
     * A consumer without a group that reads committed records, resets no offset by itself and makes no topic. Whoever asks
     * closes it.
     *
     * @param purpose what it is for, in the client's name and in metrics: {@code tail}, or {@code scan-2} of several
     * @param own what it needs besides, by the names of Kafka's configuration
     * @throws org.apache.kafka.common.KafkaException if it cannot be made
     */
    Consumer<byte[], byte[]> consumer(String purpose, Map<String, Object> own);
}
