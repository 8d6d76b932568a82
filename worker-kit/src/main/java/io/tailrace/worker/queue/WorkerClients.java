package io.tailrace.worker.queue;

import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.position.PositionReader;
import java.time.Duration;
import java.util.HashMap;
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
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of a worker, each for its one purpose. */
final class WorkerClients {

    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    /** A broker that was not told otherwise allows no shorter lock. */
    private static final Duration SHORTEST_LOCK_BY_DEFAULT = Duration.ofSeconds(15);

    /** The most that the broker allows; a request that was delivered so often is put aside by it. */
    static final int MOST_DELIVERIES = 10;

    /** Of one failure; causes can go round in a circle. */
    private static final int MOST_CAUSES = 20;

    private final WorkerSettings settings;

    WorkerClients(WorkerSettings settings) {
        this.settings = settings;
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
        return Admin.create(common());
    }

    /**
     * Takes a request and the end mark of its transaction, which counts as a record: with a limit of 1 every second fetch would bring
     * nothing but a mark. Between polls there is a claim, which takes as long as the log does.
     */
    ShareConsumer<byte[], byte[]> requests() {
        Map<String, Object> config = reading();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
        return new KafkaShareConsumer<>(config);
    }

    /** Reads run-events for the board. */
    Consumer<byte[], byte[]> board() {
        Map<String, Object> config = reading();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A log that was cut off must be noticed, not gone on with.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        // A topic that was deleted is made anew by whoever knows how many partitions it has to have.
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(config);
    }

    /** Reads claims back; nobody writes the stages' topics in transactions. */
    PositionReader claimed() {
        return new PositionReader(settings.bootstrapServers(), settings.id().value());
    }

    /**
     * Appends claims. It gives one up after three quarters of the lock at the latest, so that the request can be given back before the
     * lock ends, which would be another delivery that nobody sees.
     */
    Producer<byte[], byte[]> claims(Duration lock) {
        Map<String, Object> config = appending();
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, lock.dividedBy(4).toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int)
                lock.dividedBy(2).toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                lock.dividedBy(3).toMillis());
        return new KafkaProducer<>(config);
    }

    /** Appends for all attempts. Its memory is more than all of them may have in flight, so that none waits for another's. */
    Producer<byte[], byte[]> facts() {
        Map<String, Object> config = appending();
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                32L * 1024 * 1024 + 2L * settings.slots() * AttemptWriter.MAX_IN_FLIGHT_BYTES);
        return new KafkaProducer<>(config);
    }

    /** Whether something failed because the log could not be read or written. */
    static boolean isTroubleOfTheLog(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .anyMatch(KafkaException.class::isInstance);
    }

    private Map<String, Object> appending() {
        Map<String, Object> config = common();
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return config;
    }

    private Map<String, Object> reading() {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", settings.bootstrapServers());
        config.put("client.id", settings.id().value());
        // A broker that comes back is found soon; by default a client waits up to a second and more.
        config.put("reconnect.backoff.ms", 100);
        config.put("reconnect.backoff.max.ms", 500);
        config.put("enable.metrics.push", false);
        return config;
    }
}
