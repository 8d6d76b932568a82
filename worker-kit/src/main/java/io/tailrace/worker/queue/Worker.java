package io.tailrace.worker.queue;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.EventId;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.plan.Limits;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.board.BoardTail;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: takes stages from the queue as long as it has free slots, claims them in the log, has them executed, and gives them back
 * when it shuts down. Its queue thread waits for the log at the start for as long as it takes.
 *
 * @param <R> what a request asks for
 * @param <F> the facts of the stages' topic
 */
public final class Worker<R, F> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    /** No request that is taken is older; clocks differ a little. */
    private static final Duration BOARD_REACH = RequestTaker.OLDEST.plusMinutes(5);

    private static final Duration LONGEST_RUN = Limits.MAX_WALL_CLOCK.plusDays(1);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final WorkerSettings settings;
    private final TopicSettings topics;
    private final StageCodec<R, F> stages;
    private final StageExecutor<R, F> executor;
    private final EventCodec codec;
    private final Supplier<EventId> ids;
    private final InstantSource clock;
    private final Traces traces;
    private final WorkerClients clients;
    private final WorkerMetrics metrics;
    private final ActiveStages active;
    private final StageBoard board = new StageBoard(BOARD_REACH, LONGEST_RUN);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ClaimDoubts doubts = new ClaimDoubts(closing);
    private final Thread queueThread = Thread.ofPlatform().name("worker-queue").unstarted(this::run);
    private final List<Consumer<WorkerState>> listeners = new CopyOnWriteArrayList<>();
    private volatile WorkerState state = new WorkerState.Starting("its start");

    /**
     * A worker that has not started.
     *
     * @param topics how topics are made where they do not exist yet
     * @param ids makes a new id for every record
     */
    public Worker(
            KafkaClients kafka,
            WorkerSettings settings,
            TopicSettings topics,
            StageCodec<R, F> stages,
            StageExecutor<R, F> executor,
            EventCodec codec,
            MeterRegistry registry,
            Supplier<EventId> ids,
            InstantSource clock,
            Traces traces) {
        this.settings = settings;
        this.topics = topics;
        this.stages = stages;
        this.executor = executor;
        this.codec = codec;
        this.ids = ids;
        this.clock = clock;
        this.traces = traces;
        this.clients = new WorkerClients(kafka, settings);
        this.metrics = new WorkerMetrics(registry);
        this.active = new ActiveStages(settings.slots(), settings.heartbeat());
        metrics.gauges(active::size, active::freeSlots);
    }

    /** Begins; see {@link #state}. */
    public void start() {
        queueThread.start();
    }

    /** What it is at. */
    public WorkerState state() {
        return state;
    }

    /** Tells the listener of every change of {@link #state}: on the queue thread, or on that which noticed a failure. */
    public void onState(Consumer<WorkerState> listener) {
        listeners.add(listener);
    }

    /** Nothing comes after a failure. */
    private synchronized void become(WorkerState next) {
        if (!next.equals(state) && !(state instanceof WorkerState.Failed)) {
            state = next;
            listeners.forEach(listener -> listener.accept(next));
        }
    }

    private void run() {
        try {
            Optional<Duration> requestLock = prepare();
            if (requestLock.isPresent()) {
                work(requestLock.get());
            }
        } catch (InterruptedException | InterruptException e) {
            if (!isClosing()) {
                fail(e);
            }
        } catch (ExecutionException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        log.error("The worker takes no more work", cause);
        become(new WorkerState.Failed(cause));
    }

    /** On the watch's thread: the queue's may wait for a record that is never sent. */
    private void failForNothingIsSent() {
        if (!isClosing()) {
            fail(new IllegalStateException("a thread on which records are sent has died"));
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Until the topics are there and the group is set up, however long the brokers cannot be reached or refuse this worker. */
    private Optional<Duration> prepare() throws InterruptedException, ExecutionException {
        String brokers = "the brokers at " + clients.bootstrapServers();
        become(new WorkerState.Starting(brokers));
        while (!isClosing()) {
            try (BoundedClient<Admin> admin = BoundedClient.of(clients.admin())) {
                Topics.ensure(admin.client(), topics);
                return Optional.of(clients.configureGroup(admin.client()));
            } catch (TimeoutException e) {
                await(brokers, "they do not answer yet");
            } catch (ExecutionException e) {
                if (!WorkerClients.canBeMendedOutside(e.getCause())) {
                    throw e;
                }
                await(brokers, String.valueOf(e.getCause()));
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                // No client could be made: a name is not known yet, or a certificate cannot be read.
                await(brokers, KafkaClients.reason(e).toString());
            }
            boolean _ = closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return Optional.empty();
    }

    private void await(String brokers, String reason) {
        log.warn("Waiting for {}: {}", brokers, reason);
        become(new WorkerState.Starting(brokers + ": " + reason));
    }

    private void work(Duration requestLock) throws InterruptedException {
        try (BoundedClient<Producer<byte[], byte[]>> facts = BoundedClient.of(clients.facts());
                BoundedClient<Producer<byte[], byte[]>> claiming = BoundedClient.of(clients.claims(requestLock));
                PositionReader claimed = clients.claimed();
                BoardTail tail =
                        new BoardTail(clients::board, codec, board, clock.instant(), BOARD_REACH, metrics::tailFailed);
                LogWatch watch = new LogWatch(
                        clients.admin(),
                        settings.group(),
                        stages.kind().requests(),
                        tail::beginAgain,
                        metrics::cutOff);
                SendingWatch _ = SendingWatch.start(settings.id().value(), this::failForNothingIsSent)) {
            become(new WorkerState.Starting("what run-events say"));
            tail.start();
            watch.start();
            Claims<R, F> claims =
                    new Claims<>(settings.id(), stages, claiming.client(), facts.client(), ids, clock, traces);
            try {
                takeRequests(claims, new LookBack(claimed), tail, watch);
            } finally {
                stopStages();
            }
        }
    }

    private void takeRequests(Claims<R, F> claims, LookBack lookBack, BoardTail tail, LogWatch watch)
            throws InterruptedException {
        while (!isClosing()) {
            if (isInformed(tail) && isQueueWhole(watch)) {
                try {
                    takeWhileThereIsRoom(claims, lookBack, tail, watch);
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException | IllegalStateException e) {
                    rejoinAfter(e);
                }
                while (!isClosing() && tail.isCurrent() && !active.awaitFreeSlot(RETRY_PAUSE)) {
                    // Full. What the tail finds is asked for each time.
                }
            }
        }
        become(new WorkerState.Stopping());
    }

    /** Waits a moment for the tail, if it has to. Without it nothing is taken: the worker would learn of no cancel. */
    private boolean isInformed(BoardTail tail) throws InterruptedException {
        if (tail.awaitCurrent(RETRY_PAUSE)) {
            return true;
        }
        tail.failure().ifPresent(cause -> become(new WorkerState.Rejoining("what run-events say", cause)));
        if (!tail.isAlive()) {
            throw new IllegalStateException(
                    "the tail of run-events has died", tail.failure().orElse(null));
        }
        return false;
    }

    /** Whether the group reads all of its queue. Where it does not, all workers leave it until one of them has mended that. */
    private boolean isQueueWhole(LogWatch watch) throws InterruptedException {
        if (watch.isQueueWhole()) {
            return true;
        }
        become(new WorkerState.Rejoining("the start of its queue", new IllegalStateException("the queue was cut off")));
        if (!watch.mend(board.time().minus(RequestTaker.OLDEST))) {
            boolean _ = closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /**
     * A share consumer that was told something it cannot mend is of no use any more: that its group is not known, which a broker that was
     * killed may say of a group that has members, or that it may not read. A new one can be; what it takes twice is told by the claims.
     */
    private void rejoinAfter(RuntimeException cause) throws InterruptedException {
        log.warn("The queue is lost; it is joined anew", cause);
        become(new WorkerState.Rejoining("its queue", cause));
        metrics.rejoined();
        boolean _ = closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Returns when all slots have been taken for a moment. The share consumer fetches ahead: without a poll it would keep a request that
     * another worker could take, for as long as the lock lasts and again and again. So a full worker leaves the group, which gives back
     * at once whatever it has.
     */
    private void takeWhileThereIsRoom(Claims<R, F> claims, LookBack lookBack, BoardTail tail, LogWatch watch)
            throws InterruptedException {
        try (ShareConsumer<byte[], byte[]> requests = clients.requests()) {
            requests.subscribe(List.of(stages.kind().requests().topicName()));
            RequestTaker<R, F> taker =
                    new RequestTaker<>(requests, stages, executor, claims, lookBack, doubts, board, active, metrics);
            boolean room = true;
            while (room && !isClosing() && tail.isCurrent() && watch.isQueueWhole()) {
                try {
                    room = taker.takeSome();
                    become(new WorkerState.Ready());
                } catch (RetriableException e) {
                    log.warn("The queue cannot be read at the moment", e);
                    boolean _ = closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private void stopStages() throws InterruptedException {
        if (!active.stopAll(settings.shutdownPatience())) {
            log.error("{} stages did not stop within {}", active.size(), settings.shutdownPatience());
        }
    }

    /** Takes no more requests, stops the stages and gives them back. Blocks until that is done, within the settings' patience. */
    @Override
    public void close() {
        closing.countDown();
        if (state instanceof WorkerState.Starting) {
            queueThread.interrupt(); // it may wait for the brokers for long
        }
        try {
            if (queueThread.isAlive()) {
                boolean ended = queueThread.join(settings.shutdownPatience().plus(CLOSE_PATIENCE.multipliedBy(2)));
                if (!ended) {
                    log.error("The worker's queue thread did not end in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        active.close();
    }
}
