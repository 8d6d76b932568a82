package io.tailrace.coordinator.host;

import io.tailrace.coordinator.decide.Patience;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.RunTopology;
import io.tailrace.coordinator.topology.TopologySettings;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of Kafka Streams with the producer beside it. A stream thread that fails is replaced, unless too many fail in
 * a minute or the log was rewritten; then the session has failed. Thread-safe.
 */
final class StreamsSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsSession.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final Duration CLOSE_AT_LAST_WITHIN = Duration.ofMinutes(1);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int FAILURES_PER_WINDOW = 5;

    private final KafkaStreams streams;
    private final KafkaStageEventLog stageEvents;
    private final InstantSource clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private final Deque<Long> failures = new ArrayDeque<>();
    private volatile @Nullable Throwable lastFailure;
    private volatile long movedAt = System.nanoTime();

    StreamsSession(
            KafkaSettings kafka,
            CoordinatorSettings settings,
            String instance,
            long epoch,
            CoordinatorMetrics metrics,
            InstantSource clock) {
        this.clock = clock;
        EventCodec codec = new EventCodec();
        this.stageEvents = KafkaStageEventLog.open(
                kafka, settings.applicationId() + "-" + instance + "-ticks", new KafkaRecords(codec), metrics);
        RunTopology topology = new RunTopology(
                new TopologySettings(
                        instance,
                        epoch,
                        kafka.partitions(),
                        kafka.retention(),
                        settings.sweepInterval(),
                        Patience.DEFAULT),
                codec,
                stageEvents,
                metrics,
                UUID::randomUUID,
                clock);
        this.streams = streams(topology, StreamsProperties.of(kafka, settings, instance));
        streams.setUncaughtExceptionHandler(this::onFailure);
        streams.setGlobalStateRestoreListener(new Progress());
        streams.setStateListener((now, _) -> {
            moved();
            switch (now) {
                case RUNNING -> running.countDown();
                case ERROR, NOT_RUNNING -> ended.countDown();
                case CREATED, REBALANCING, PENDING_SHUTDOWN, PENDING_ERROR -> {}
            }
        });
    }

    /** A state directory that is still locked by the session before must not cost a producer at each try. */
    private KafkaStreams streams(RunTopology topology, Properties properties) {
        try {
            return new KafkaStreams(topology.build(), properties);
        } catch (RuntimeException e) {
            stageEvents.close();
            throw e;
        }
    }

    void start() {
        streams.start();
        moved();
    }

    private void moved() {
        movedAt = System.nanoTime();
    }

    /** How long partitions have been neither worked on nor restored; zero while they are. */
    Duration standstill() {
        return streams.state() == KafkaStreams.State.RUNNING
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - movedAt);
    }

    /** Notes that something was restored: a large state takes long, and that is no standstill. */
    private final class Progress implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition partition, String store, long startingOffset, long endingOffset) {
            moved();
        }

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long batchEndOffset, long restored) {
            moved();
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
            moved();
        }
    }

    private synchronized StreamThreadExceptionResponse onFailure(Throwable failure) {
        lastFailure = failure;
        long now = clock.millis();
        failures.addLast(now);
        failures.removeIf(it -> it < now - WINDOW.toMillis());
        boolean tooMany = failures.size() > FAILURES_PER_WINDOW;
        LOG.error("A stream thread failed; {}", tooMany ? "too many did: starting anew" : "it is replaced", failure);
        return tooMany ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Waits until all partitions are assigned and restored, or the time is up. */
    boolean awaitRunning(Duration atMost) throws InterruptedException {
        return running.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until the session has ended, which it does not by itself unless it fails, or the time is up. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it works; a rebalance does not count against it once it did. */
    boolean works() {
        return running.getCount() == 0 && streams.state().isRunningOrRebalancing();
    }

    /** What made a stream thread fail last. */
    Optional<Throwable> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** Waits for its threads, bounded: the next session needs the state directory that they hold. */
    @Override
    public void close() {
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (!closed) {
            LOG.warn("Kafka Streams has not closed within {} s. Its threads:{}", CLOSE_WITHIN.toSeconds(), stacks());
            if (!streams.close(CloseOptions.timeout(CLOSE_AT_LAST_WITHIN))) {
                LOG.error("Kafka Streams holds its state directory still. Its threads:{}", stacks());
            }
        }
        stageEvents.close();
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread.getName().contains("StreamThread") || thread.getName().contains("StateUpdater")) {
                text.append("\n  ").append(thread.getName()).append(' ').append(thread.getState());
                for (StackTraceElement frame : stack) {
                    text.append("\n    at ").append(frame);
                }
            }
        });
        return text.toString();
    }
}
