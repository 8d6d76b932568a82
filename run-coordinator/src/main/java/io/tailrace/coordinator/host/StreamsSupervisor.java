package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.SpineAhead;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.kafka.Topics;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.life.ProcessEnd;
import io.tailrace.service.trace.Traces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link StreamsSession} alive: waits for the log, makes the topics, resolves what was written before, starts a
 * session, and starts another when one fails. The process ends when another session cannot mend it. One thread; its state
 * may be read by any.
 */
final class StreamsSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsSupervisor.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int STANDSTILLS_IN_A_ROW = 3;
    private static final Duration TICK_LAG_LIMIT = Duration.ofSeconds(10);

    private final KafkaClients kafka;
    private final KafkaSettings topics;
    private final CoordinatorSettings settings;
    private final String instance;
    private final CoordinatorMetrics metrics;
    private final InstantSource clock;
    private final Listener listener;
    private final Traces traces;
    private final Thread thread;

    private final SessionClients clients;
    private final SpineAhead ahead;
    private final KafkaSpineReading spine;
    private volatile @Nullable StreamsSession session;
    private volatile @Nullable ProgressWatch watch;
    private volatile String waitingFor = "not started";
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong sessions = new AtomicLong();

    // Confined to the supervisor's thread.
    private boolean announced;
    private int standstills;

    /** Who is told what becomes of the sessions. Called on the supervisor's thread. */
    interface Listener {
        /** All partitions that fall to this process are being worked on, for the first time. */
        void ready();

        /** The process has to end. Called once, the last of all. */
        void end(ProcessEnd why, String reason);
    }

    StreamsSupervisor(
            KafkaClients kafka,
            KafkaSettings topics,
            CoordinatorSettings settings,
            String instance,
            CoordinatorMetrics metrics,
            SessionClients clients,
            SpineAhead ahead,
            InstantSource clock,
            Traces traces,
            Listener listener) {
        this.kafka = kafka;
        this.topics = topics;
        this.settings = settings;
        this.instance = instance;
        this.metrics = metrics;
        this.clients = clients;
        this.ahead = ahead;
        this.clock = clock;
        this.traces = traces;
        this.listener = listener;
        this.spine = new KafkaSpineReading(
                kafka, settings.process(instance), SessionTimes.of(settings).transactionOver(), () -> {});
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
        Optional<String> standstill = findings().flatMap(ProgressWatch.Findings::fault);
        if (standstill.isPresent()) {
            return standstill;
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

    /** What the group has been seen to do from outside; empty without a session. */
    private Optional<ProgressWatch.Findings> findings() {
        ProgressWatch current = watch;
        return current == null ? Optional.empty() : Optional.of(current.findings());
    }

    /** How old the oldest command is that nobody has decided on; zero if none has waited for some seconds. */
    Duration oldestCommandAge() {
        return findings()
                .flatMap(ProgressWatch.Findings::oldestCommand)
                .map(it -> Duration.between(it, clock.instant()))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    /** The longest time for which something has waited and nothing was committed. */
    Duration standing() {
        return findings().map(ProgressWatch.Findings::standing).orElse(Duration.ZERO);
    }

    /** How many sessions were started after the first. */
    long newSessions() {
        return Math.max(0, sessions.get() - 1);
    }

    private void supervise() {
        try {
            while (!isClosing()) {
                try {
                    LogIdentity log = prepareLog();
                    readAhead(log);
                    liveThrough(log);
                    waitingFor = "starting anew after a failure";
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    Throwable cause = KafkaClients.reason(e);
                    LOG.warn("Waiting for the log at {}: {}", kafka.bootstrapServers(), cause.toString());
                    waitingFor = "waiting for the log at " + kafka.bootstrapServers() + ": " + cause;
                }
                boolean _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (Topics.PartitionMismatch | OwnerOnlyState.Open e) {
            end(ProcessEnd.MISCONFIGURED, String.valueOf(e.getMessage()));
        } catch (StoodStill e) {
            end(ProcessEnd.FAILED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("The supervisor failed", e);
            end(ProcessEnd.FAILED, "the supervisor failed: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the supervisor", e);
        }
    }

    private void end(ProcessEnd why, String reason) {
        waitingFor = reason;
        listener.end(why, reason);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** What only the end of the process mends. */
    private static final class StoodStill extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoodStill(String reason) {
            super(reason);
        }
    }

    /** What is too much for a stream thread, which has bounds to keep. */
    private void readAhead(LogIdentity log) {
        for (int partition : ahead.wanted(log, topics.partitions())) {
            waitingFor = "partition " + partition + " of run-events is being read: its state does not say how far it"
                    + " knows it";
            LOG.info("Waiting: {}", waitingFor);
            ahead.read(partition, spine);
        }
    }

    /** One session, from its start until it has failed or the supervisor closes. */
    private void liveThrough(LogIdentity log) throws InterruptedException {
        StreamsSession started =
                new StreamsSession(kafka, topics, settings, instance, log, metrics, clients, ahead, clock, traces);
        sessions.incrementAndGet();
        Optional<String> left;
        try (ProgressWatch watching = ProgressWatch.start(kafka, settings, instance, log, started)) {
            started.start();
            watch = watching;
            session = started;
            watch(started, watching);
        } finally {
            session = null;
            watch = null;
            left = started.end();
        }
        if (left.isPresent() && !isClosing()) {
            throw new StoodStill("left behind: " + left.get());
        }
        if (standstills >= STANDSTILLS_IN_A_ROW) {
            throw new StoodStill("nothing was decided in " + standstills + " sessions, one after the other");
        }
    }

    private void watch(StreamsSession started, ProgressWatch watching) throws InterruptedException {
        while (!isClosing() && !started.awaitEnd(LOOK)) {
            if (!announced && started.awaitRunning(Duration.ZERO)) {
                announced = true;
                listener.ready();
            }
            ProgressWatch.Findings seen = watching.findings();
            if (seen.moved()) {
                standstills = 0;
                if (started.runs() && !ahead.isEmpty()) {
                    ahead.forget();
                }
            }
            if (seen.madeAnew()) {
                LOG.error("A topic was made anew under this session: starting anew with what there is");
                return;
            }
            if (seen.fault().isPresent()) {
                LOG.error("Starting anew: {}", seen.fault().get());
                standstills++;
                return;
            }
        }
    }

    private LogIdentity prepareLog() throws InterruptedException, ExecutionException, TimeoutException {
        try (BoundedClient<Admin> bounded = BoundedClient.of(admin())) {
            Admin admin = bounded.client();
            Topics.ensure(admin, topics.topics());
            new PriorTransactions(admin, settings.applicationId(), settings.stateDir())
                    .resolve(clients.transactionalIds());
            return Topics.identity(admin);
        }
    }

    private Admin admin() {
        return kafka.admin(
                new ClientName(settings.process(instance), "admin"),
                Map.of(
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000));
    }

    @Override
    public void close() {
        closing.countDown();
        spine.close();
        try {
            thread.join(SessionTimes.end());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
