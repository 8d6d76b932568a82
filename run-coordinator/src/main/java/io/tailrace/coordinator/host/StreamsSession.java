package io.tailrace.coordinator.host;

import io.tailrace.coordinator.decide.StageTimeouts;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.LogRewritten;
import io.tailrace.coordinator.topology.RunTopology;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.coordinator.topology.SpineTooLong;
import io.tailrace.coordinator.topology.TopologySettings;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.trace.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of Kafka Streams with the producer beside it. A stream thread that fails is replaced, unless too many fail in
 * a minute, a transaction has no outcome, or the log was rewritten; then the session has failed. Thread-safe.
 */
final class StreamsSession {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsSession.class);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int FAILURES_PER_WINDOW = 5;

    private final KafkaStreams streams;
    private final SessionClients clients;
    private final KafkaStageEventLog stageEvents;
    private final KafkaLogArchive archive;
    private final InstantSource clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private final Deque<Long> failures = new ArrayDeque<>();
    private volatile @Nullable Throwable lastFailure;
    private volatile long movedAt = System.nanoTime();

    StreamsSession(
            KafkaClients kafka,
            KafkaSettings topics,
            CoordinatorSettings settings,
            String instance,
            LogIdentity log,
            CoordinatorMetrics metrics,
            SessionClients clients,
            SpineAhead ahead,
            InstantSource clock,
            Traces traces) {
        this.clock = clock;
        this.clients = clients;
        EventCodec codec = new EventCodec();
        String process = settings.process(instance);
        this.stageEvents = KafkaStageEventLog.open(kafka, process, new KafkaRecords(codec), metrics);
        this.archive = archive(
                kafka,
                process,
                new KafkaSpineReading(kafka, process, SessionTimes.of(settings).transactionOver(), this::moved));
        RunTopology topology = new RunTopology(
                new TopologySettings(
                        instance,
                        log,
                        topics.partitions(),
                        topics.retention(),
                        settings.sweepInterval(),
                        StageTimeouts.DEFAULT),
                codec,
                stageEvents,
                metrics,
                UUID::randomUUID,
                clock,
                archive.reading(ahead),
                clients.positions(),
                traces);
        this.streams = streams(
                topology,
                StreamsProperties.of(kafka, topics, settings, instance),
                settings.stateDir().resolve(settings.applicationId()));
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

    private KafkaLogArchive archive(KafkaClients kafka, String process, KafkaSpineReading spine) {
        try {
            return KafkaLogArchive.open(kafka, process, spine);
        } catch (KafkaException e) {
            stageEvents.close();
            throw e;
        }
    }

    /** A state directory that is still locked by the session before must not cost a producer at each try. */
    private KafkaStreams streams(RunTopology topology, Properties properties, Path state) {
        try {
            KafkaStreams made = new KafkaStreams(topology.build(), properties, clients);
            OwnerOnlyState.enforce(state);
            return made;
        } catch (RuntimeException e) {
            stageEvents.close();
            archive.close();
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

    /** When it last came to another state or restored something, in this JVM's nanoseconds. */
    long movedAt() {
        return movedAt;
    }

    /** Whether all its partitions are assigned and restored. */
    boolean runs() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** The partitions that its threads read, as they last had them; also of a thread that stands still. */
    Set<TopicPartition> partitions() {
        try {
            return streams.metadataForLocalThreads().stream()
                    .flatMap(it -> it.activeTasks().stream())
                    .flatMap(it -> it.topicPartitions().stream())
                    .collect(Collectors.toSet());
        } catch (IllegalStateException | StreamsException _) {
            // It has not started, or has ended.
            return Set.of();
        }
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
        if (UnresolvedTransaction.caused(failure)) {
            LOG.error("A transaction has no outcome: the session ends, and the next one resolves it", failure);
            ended.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (LogRewritten.isCauseOf(failure)) {
            LOG.error("The log is another one: the session ends, and the next one looks at it anew", failure);
            ended.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (SpineTooLong.isCauseOf(failure)) {
            LOG.warn("The session ends, what a task has to know first is read, and the next one begins", failure);
            ended.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
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

    /**
     * Ends it, within {@link SessionTimes#end}. Waits for its threads: the next session needs the state directory that they
     * hold.
     *
     * @return what is left behind of it; without that, a new session can begin
     */
    Optional<String> end() {
        archive.startNoMore();
        boolean closed = streams.close(leavingWithin(SessionTimes.close()));
        if (!closed) {
            LOG.warn(
                    "Kafka Streams has not closed within {} s. Its threads:{}",
                    SessionTimes.close().toSeconds(),
                    stacks());
            closed = streams.close(leavingWithin(SessionTimes.closeAtLast()));
        }
        stageEvents.close();
        archive.close();
        Set<String> left = clients.leftBehind().names();
        if (!closed) {
            LOG.error("Kafka Streams holds its state directory still. Its threads:{}", stacks());
            return Optional.of("stream threads that hold the state directory");
        }
        return left.isEmpty() ? Optional.empty() : Optional.of("clients that do not close: " + left);
    }

    private static CloseOptions leavingWithin(Duration atMost) {
        return CloseOptions.timeout(atMost)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
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
