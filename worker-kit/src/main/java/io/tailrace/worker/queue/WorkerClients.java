package io.tailrace.worker.queue;

import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.position.PositionReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Makes the Kafka clients of a worker, each for its one purpose. */
final class WorkerClients {

    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    /** A broker that was not told otherwise allows no shorter lock. */
    private static final Duration SHORTEST_LOCK_BY_DEFAULT = Duration.ofSeconds(15);

    /** The most that the broker allows; a request that was delivered so often is put aside by it. */
    static final int MOST_DELIVERIES = 10;

    /** Of one failure; causes can go round in a circle. */
    private static final int MOST_CAUSES = 20;

    private final KafkaClients kafka;
    private final WorkerSettings settings;

    WorkerClients(KafkaClients kafka, WorkerSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    private ClientName name(String purpose) {
        return new ClientName(settings.id().value(), purpose);
    }

    /** Where the brokers are, for people. */
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /**
     * Sets the share group up; the same for every worker of the kind.
     *
     * @return how long the broker keeps a request for the worker that has it
     */
    Duration configureGroup(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            configureGroup(admin, settings.requestLock());
            return settings.requestLock();
        } catch (ExecutionException e) {
            boolean tooShort = e.getCause() instanceof InvalidConfigurationException
                    && settings.requestLock().compareTo(SHORTEST_LOCK_BY_DEFAULT) < 0;
            if (!tooShort) {
                throw e;
            }
            configureGroup(admin, SHORTEST_LOCK_BY_DEFAULT);
            return SHORTEST_LOCK_BY_DEFAULT;
        }
    }

    private void configureGroup(Admin admin, Duration lock)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> wanted = Map.of(
                "share.auto.offset.reset",
                "earliest",
                "share.isolation.level",
                "read_committed",
                "share.record.lock.duration.ms",
                Long.toString(lock.toMillis()),
                "share.delivery.count.limit",
                Integer.toString(MOST_DELIVERIES));
        List<AlterConfigOp> changes = wanted.entrySet().stream()
                .map(it -> new AlterConfigOp(new ConfigEntry(it.getKey(), it.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, settings.group());
        admin.incrementalAlterConfigs(Map.of(group, changes))
                .all()
                .get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    Admin admin() {
        return kafka.admin(name("admin"), Map.of());
    }

    /**
     * Takes a request and the end mark of its transaction, which counts as a record: with a limit of 1 every second fetch would bring
     * nothing but a mark. Between polls there is a claim, which takes as long as the log does.
     */
    ShareConsumer<byte[], byte[]> requests() {
        return kafka.shareConsumer(
                name("requests"),
                settings.group(),
                Map.of(
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                        "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2,
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        Integer.MAX_VALUE));
    }

    /** Reads run-events for the board. */
    Consumer<byte[], byte[]> board() {
        return kafka.consumer(name("board"), Map.of());
    }

    /** Reads claims back; nobody writes the stages' topics in transactions. */
    PositionReader claimed() {
        return new PositionReader(kafka, settings.id().value());
    }

    /**
     * Appends claims. It gives one up after three quarters of the lock at the latest, so that the request can be given back before the
     * lock ends, which would be another delivery that nobody sees.
     */
    Producer<byte[], byte[]> claims(Duration lock) {
        return kafka.producer(
                name("claims"),
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        lock.dividedBy(4).toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(lock.dividedBy(2).toMillis()),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(lock.dividedBy(3).toMillis())));
    }

    /** Appends for all attempts. Its memory is more than all of them may have in flight, so that none waits for another's. */
    Producer<byte[], byte[]> facts() {
        return kafka.producer(
                name("facts"),
                Map.of(
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        32L * 1024 * 1024 + 2L * settings.slots() * AttemptWriter.MAX_IN_FLIGHT_BYTES));
    }

    /** Whether the same may succeed later: brokers come back, passwords, certificates and rights are mended. */
    static boolean canBeMendedOutside(@Nullable Throwable failure) {
        return failure instanceof RetriableException
                || failure instanceof AuthenticationException
                || failure instanceof AuthorizationException;
    }

    /** Whether something failed because the log could not be read or written. */
    static boolean isTroubleOfTheLog(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .anyMatch(KafkaException.class::isInstance);
    }
}
