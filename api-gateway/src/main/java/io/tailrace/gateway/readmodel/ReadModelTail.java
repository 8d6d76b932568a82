package io.tailrace.gateway.readmodel;

import io.micrometer.core.instrument.Counter;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a compacted topic, all partitions from the beginning, into a read model. One thread. A failure of the client
 * is followed by another client at the same offsets; another log (or one that was cut off) by another beginning.
 */
public final class ReadModelTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModelTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final KafkaClients kafka;
    private final LogConnection connection;
    private final Topic topic;
    private final int partitionCount;
    private final ReadModel model;
    private final Counter undecodable;
    private final HighWatermarks highWatermarks;
    private final ReadModelProgress progress = new ReadModelProgress();
    private final Thread thread;

    private volatile boolean closed;
    private volatile long lag;
    private volatile @Nullable Consumer<byte[], byte[]> polling;

    /** @param undecodable counts the records that are skipped */
    public ReadModelTail(
            KafkaClients kafka,
            LogConnection connection,
            Topic topic,
            int partitions,
            ReadModel model,
            Counter undecodable) {
        this.kafka = kafka;
        this.connection = connection;
        this.topic = topic;
        this.partitionCount = partitions;
        this.model = model;
        this.undecodable = undecodable;
        this.highWatermarks = HighWatermarks.of(connection, topic, partitions);
        this.thread =
                Thread.ofPlatform().name(topic.topicName() + "-tail").daemon().unstarted(this::run);
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** How far it is. */
    public ReadModelProgress progress() {
        return progress;
    }

    /**
     * Waits until the model has everything that a partition had when this was called; false if the time was up before,
     * or the log could not say what it has. Blocks.
     */
    public boolean catchUp(int partition, Duration atMost) throws InterruptedException {
        long asked = System.nanoTime();
        try {
            long end = highWatermarks.fromNowOn().get(atMost.toMillis(), TimeUnit.MILLISECONDS)[partition];
            return progress.awaitOffset(partition, end, atMost.minusNanos(System.nanoTime() - asked));
        } catch (ExecutionException | java.util.concurrent.TimeoutException _) {
            return false;
        }
    }

    /** How many records of the topic were not read when it was last looked at. */
    public long lag() {
        return lag;
    }

    private void run() {
        try {
            while (!closed) {
                OptionalLong epoch = connection.awaitEpoch(POLL);
                if (epoch.isPresent()) {
                    follow(epoch.getAsLong());
                }
            }
        } catch (InterruptedException | InterruptException e) {
            if (!closed) {
                throw new IllegalStateException("the tail's thread is interrupted by close() alone", e);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The tail of {} has ended at {}", topic, progress, e);
            progress.fail("it has ended: " + e);
            throw e;
        }
    }

    private void follow(long epoch) throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            polling = consumer;
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            if (!progress.epoch().equals(OptionalLong.of(epoch))) {
                begin(consumer, partitions, epoch);
            } else {
                long[] next = progress.nextOffsets();
                partitions.forEach(it -> consumer.seek(it, next[it.partition()]));
            }
            read(consumer, partitions, epoch);
        } catch (WakeupException _) {
            // close() wants the thread to end; the loop sees why.
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("{} was cut off while it was followed; it is read anew: {}", topic, e.getMessage());
            progress.forget("the topic was cut off");
        } catch (KafkaException e) {
            LOG.warn("The tail of {} failed at {} and goes on with another client", topic, progress, e);
            progress.fail(String.valueOf(KafkaClients.reason(e).getMessage()));
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } finally {
            polling = null;
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, long epoch) {
        Map<TopicPartition, Long> from = consumer.beginningOffsets(partitions);
        from.forEach((partition, offset) -> consumer.seek(partition, offset));
        model.clear();
        progress.restart(epoch, partitionCount);
    }

    private void read(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, long epoch) {
        while (!closed && connection.epoch().equals(OptionalLong.of(epoch))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                apply(record);
            }
            long[] next = new long[partitions.size()];
            long behind = 0;
            for (TopicPartition partition : partitions) {
                next[partition.partition()] = position(consumer, partition);
                behind += consumer.currentLag(partition).orElse(0L);
            }
            lag = behind;
            progress.advance(next);
            if (!progress.hasGoal()) {
                var _ = highWatermarks.fromNowOn().thenAccept(marks -> progress.loadUpTo(epoch, marks));
            }
        }
    }

    /** Past commit markers too, which are no records: where the next fetch begins. */
    private long position(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ofMillis(200));
        } catch (TimeoutException e) {
            return progress.nextOffsets()[partition.partition()];
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            model.apply(record);
        } catch (UndecodableRecord e) {
            putAside(record, String.valueOf(e.getMessage()));
        }
    }

    private void putAside(ConsumerRecord<byte[], byte[]> record, String reason) {
        undecodable.increment();
        LOG.warn("Skipped {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), reason);
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new TopicPartition(topic.topicName(), i));
        }
        return partitions;
    }

    private Consumer<byte[], byte[]> consumer() {
        return kafka.consumer(
                new ClientName(LogConnection.PROCESS, topic.topicName()),
                Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000));
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(END_WITHIN)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
