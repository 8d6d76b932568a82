package io.tailrace.gateway.kafka;

import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.runlog.LogAccess;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the log can be reached, and which log it is. One background thread makes the topics at first and asks the
 * brokers again and again; everybody else reads what it found last. A log that cannot be reached is waited for, however
 * long that takes; a log that contradicts the configuration is a fatal error. Thread-safe.
 */
public final class LogConnection implements LogAccess, AutoCloseable {
    /** What the clients of gateways begin with. */
    public static final String PROCESS = "gateway";

    private static final Logger LOG = LoggerFactory.getLogger(LogConnection.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(4);

    private final KafkaClients kafka;
    private final TopicSettings topics;
    private final FatalError onFatal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private volatile State state = new State(OptionalLong.empty(), Optional.of("not asked yet"));
    private volatile @Nullable Admin admin;
    private volatile boolean closed;

    /** What was found last: the epoch of the log, once it was seen, and why it cannot be reached now, if so. */
    private record State(OptionalLong epoch, Optional<String> unreachable) {}

    /** What is done about a configuration that the log contradicts: the process ends. */
    @FunctionalInterface
    public interface FatalError {
        /** Called once, on the connection's thread. */
        void end(String reason);
    }

    LogConnection(KafkaClients kafka, TopicSettings topics, FatalError onFatal) {
        this.kafka = kafka;
        this.topics = topics;
        this.onFatal = onFatal;
        this.thread = Thread.ofPlatform().name("log-connection").daemon().unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    /**
     * The fingerprint of the log as it was seen last: another cluster, or a re-created event topic, has another one.
     * Empty until the log was reached for the first time.
     */
    @Override
    public OptionalLong epoch() {
        return state.epoch;
    }

    /** Why the log cannot be reached, as of the last time it was asked; empty while it can be. */
    public Optional<String> unreachable() {
        return state.unreachable;
    }

    /** The shared admin client; empty until there is one. Not to be closed. */
    @Override
    public Optional<Admin> admin() {
        return Optional.ofNullable(admin);
    }

    @Override
    public Consumer<byte[], byte[]> consumer(String purpose, Map<String, Object> own) {
        return kafka.consumer(new ClientName(PROCESS, purpose), own);
    }

    /**
     * Waits until the log was reached for the first time.
     *
     * @return its epoch; empty if the time was up before
     */
    public OptionalLong awaitEpoch(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (state.epoch.isEmpty() && nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
            return state.epoch;
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        boolean topicsMade = false;
        try {
            while (!closed) {
                topicsMade = check(topicsMade);
                lock.lock();
                try {
                    if (!closed) {
                        long _ = changed.awaitNanos(CHECK_INTERVAL.toNanos());
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            if (!closed) {
                throw new IllegalStateException("the connection's thread is interrupted by close() alone", e);
            }
        }
    }

    private boolean check(boolean topicsMade) throws InterruptedException {
        try {
            Admin client = client();
            if (!topicsMade) {
                Topics.ensure(client, topics);
            }
            var _ = client.describeCluster().nodes().get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            found(Topics.epoch(client));
            return true;
        } catch (Topics.PartitionMismatch e) {
            closed = true;
            lost(e.getMessage());
            onFatal.end(String.valueOf(e.getMessage()));
        } catch (ExecutionException e) {
            lost(KafkaClients.reason(e).getMessage());
        } catch (TimeoutException e) {
            lost("no answer within " + ANSWER_WITHIN.toMillis() + " ms");
        } catch (KafkaException e) {
            lost(KafkaClients.reason(e).getMessage());
        }
        return topicsMade;
    }

    private Admin client() {
        Admin client = admin;
        if (client == null) {
            client = kafka.admin(
                    new ClientName(PROCESS, "admin"),
                    Map.of(
                            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            3000,
                            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                            Math.toIntExact(ANSWER_WITHIN.toMillis())));
            admin = client;
        }
        return client;
    }

    private void found(long epoch) {
        State before = state;
        if (before.epoch.isEmpty()) {
            LOG.info("Reached the log at {}", kafka.bootstrapServers());
        } else if (before.epoch.getAsLong() != epoch) {
            LOG.warn("The log at {} is another one now: topics were re-created", kafka.bootstrapServers());
        } else if (before.unreachable.isPresent()) {
            LOG.info("The log at {} is back", kafka.bootstrapServers());
        }
        become(new State(OptionalLong.of(epoch), Optional.empty()));
    }

    private void lost(@Nullable String reason) {
        String said = reason == null ? "no reason given" : reason;
        if (!state.unreachable.equals(Optional.of(said))) {
            LOG.warn("Waiting for the log at {}: {}", kafka.bootstrapServers(), said);
        }
        become(new State(state.epoch, Optional.of(said)));
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(ANSWER_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Admin client = admin;
        if (client != null) {
            client.close(Duration.ofSeconds(1));
        }
    }
}
