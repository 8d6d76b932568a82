package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.events.kafka.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link StreamsSession} alive: waits for the log, makes the topics, starts a session, and starts another when
 * one fails. A log that contradicts the configuration ends the process. One thread; its state may be read by any.
 */
final class StreamsSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsSupervisor.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration STANDSTILL_LIMIT = Duration.ofSeconds(15);
    private static final Duration TICK_LAG_LIMIT = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final CoordinatorSettings settings;
    private final String instance;
    private final CoordinatorMetrics metrics;
    private final InstantSource clock;
    private final Listener listener;
    private final Thread thread;

    private volatile @Nullable StreamsSession session;
    private volatile String waitingFor = "not started";
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Who is told what becomes of the sessions. Called on the supervisor's thread. */
    interface Listener {
        /** All partitions that fall to this process are being worked on, for the first time. */
        void ready();

        /** The log contradicts the configuration: the process has to end. Called once. */
        void fatal(String reason);
    }

    StreamsSupervisor(
            KafkaSettings kafka,
            CoordinatorSettings settings,
            String instance,
            CoordinatorMetrics metrics,
            InstantSource clock,
            Listener listener) {
        this.kafka = kafka;
        this.settings = settings;
        this.instance = instance;
        this.metrics = metrics;
        this.clock = clock;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("streams-supervisor").unstarted(this::supervise);
    }

    void start() {
        thread.start();
    }

    /** Why it does not work now; empty while it does. */
    Optional<String> fault() {
        StreamsSession current = session;
        if (current == null || !current.works()) {
            return Optional.of(current == null ? waitingFor : "partitions are being assigned and restored");
        }
        Duration lag = metrics.tickLag();
        return lag.compareTo(TICK_LAG_LIMIT) > 0
                ? Optional.of("the log has given no tick for " + lag.toSeconds() + " s")
                : Optional.empty();
    }

    /** What made a stream thread fail last, in this session. */
    Optional<String> lastFailure() {
        StreamsSession current = session;
        return current == null ? Optional.empty() : current.lastFailure().map(Throwable::toString);
    }

    private void supervise() {
        boolean announced = false;
        try {
            while (!isClosing()) {
                try {
                    long epoch = prepareLog();
                    try (StreamsSession started =
                            new StreamsSession(kafka, settings, instance, epoch, metrics, clock)) {
                        started.start();
                        session = started;
                        announced = watch(started, announced);
                    } finally {
                        session = null;
                    }
                    waitingFor = "starting anew after a failure";
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
                    LOG.warn("Waiting for the log at {}: {}", kafka.bootstrapServers(), cause.toString());
                    waitingFor = "waiting for the log at " + kafka.bootstrapServers() + ": " + cause;
                }
                boolean _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (Topics.PartitionMismatch e) {
            waitingFor = String.valueOf(e.getMessage());
            listener.fatal(waitingFor);
        } catch (RuntimeException e) {
            LOG.error("The supervisor failed", e);
            waitingFor = "the supervisor failed: " + e;
            listener.fatal(waitingFor);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the supervisor", e);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean watch(StreamsSession started, boolean announcedBefore)
            throws InterruptedException, ExecutionException, TimeoutException {
        boolean announced = announcedBefore;
        while (!isClosing() && !started.awaitEnd(LOOK)) {
            if (!announced && started.awaitRunning(Duration.ZERO)) {
                announced = true;
                listener.ready();
            }
            if (started.standstill().compareTo(STANDSTILL_LIMIT) > 0) {
                LOG.error(
                        "Partitions have been neither worked on nor restored for {} s: starting anew",
                        STANDSTILL_LIMIT.toSeconds());
                try (Admin admin = Admin.create(adminConfig())) {
                    int _ = new HangingTransactions(admin).abort("tailrace", settings.applicationId());
                }
                return announced;
            }
        }
        return announced;
    }

    private long prepareLog() throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(adminConfig())) {
            Topics.ensure(admin, kafka.topics());
            return Topics.epoch(admin);
        }
    }

    private Map<String, Object> adminConfig() {
        Map<String, Object> config = kafka.client(settings.applicationId() + "-" + instance + "-admin");
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
        return config;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
