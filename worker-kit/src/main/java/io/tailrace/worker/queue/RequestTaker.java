package io.tailrace.worker.queue;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.plan.Limits;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.board.StageBoard.Stale;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.queue.Claims.Claimed;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one request after the other: drops what is old or stale, claims the stage, accepts the request at once, and hands the claim to a
 * {@link StageTask}, which begins when it has read back that the claim holds. Confined to the worker's queue thread.
 *
 * <p>A request whose claim is in doubt (it could not be appended) is released, not accepted: if the claim does stand in the log the next
 * claim of the same attempt is void and silence leads to the next attempt; if not, the next claim holds.
 */
final class RequestTaker<R, F> {

    private static final Logger log = LoggerFactory.getLogger(RequestTaker.class);

    /** A poll that meets nothing but the end mark of a transaction waits for its whole time; there can be one behind a request. */
    private static final Duration POLL_AFTER_REQUEST = Duration.ofMillis(50);

    /**
     * Each poll makes the client fetch. One that begins while records are coming in makes it fetch twice, and what the second fetch
     * brings is locked until the next poll, for which there may be no slot for long. So there are few polls.
     */
    private static final Duration POLL_WHEN_IDLE = Duration.ofMillis(500);

    /** A request that was delivered so often is kept, though there is no slot: the broker puts aside what is delivered too often. */
    private static final int DELIVERIES_BEFORE_KEEPING = 4;

    /** A stage waits in the queue no longer, and the coordinator repeats its request every few minutes: an older one is of no use. */
    static final Duration OLDEST = Limits.MAX_QUEUE_DEADLINE;

    private static final Duration SLOT_PATIENCE = Duration.ofMillis(300);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private final ShareConsumer<byte[], byte[]> requests;
    private final StageCodec<R, F> stages;
    private final StageExecutor<R, F> executor;
    private final Claims<R, F> claims;
    private final LookBack lookBack;
    private final ClaimDoubts doubts;
    private final StageBoard board;
    private final ActiveStages active;
    private final WorkerMetrics metrics;
    private boolean afterRequest;

    RequestTaker(
            ShareConsumer<byte[], byte[]> requests,
            StageCodec<R, F> stages,
            StageExecutor<R, F> executor,
            Claims<R, F> claims,
            LookBack lookBack,
            ClaimDoubts doubts,
            StageBoard board,
            ActiveStages active,
            WorkerMetrics metrics) {
        this.requests = requests;
        this.stages = stages;
        this.executor = executor;
        this.claims = claims;
        this.lookBack = lookBack;
        this.doubts = doubts;
        this.board = board;
        this.active = active;
        this.metrics = metrics;
    }

    /**
     * Takes what a poll brings, if there is a free slot. It can bring one request more than there are free slots: that is given back for
     * another worker. Returns after a moment, but for the time that claims take.
     *
     * @return whether there was a free slot, soon enough to go on polling
     */
    boolean takeSome() throws InterruptedException {
        doubts.pause();
        if (!active.awaitFreeSlot(SLOT_PATIENCE)) {
            return false;
        }
        ConsumerRecords<byte[], byte[]> polled = requests.poll(afterRequest ? POLL_AFTER_REQUEST : POLL_WHEN_IDLE);
        afterRequest = !polled.isEmpty();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (active.freeSlots() > 0 || isDeliveredAtLeast(record, DELIVERIES_BEFORE_KEEPING)) {
                take(record);
            } else {
                acknowledge(record, AcknowledgeType.RELEASE);
            }
        }
        return true;
    }

    /** What has to be noticed before a claim is made. */
    private Optional<Stale> staleness(StageRequest<R> request) {
        return active.executes(claims.attempt(request))
                ? Optional.of(Stale.CLAIMED)
                : board.staleness(request.stage(), request.attempt());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        long delivered = System.nanoTime();
        StageRequest<R> request;
        try {
            request = stages.decode(record.value());
        } catch (UndecodableRecord | RuntimeException e) {
            log.error(
                    "Put aside {}-{}@{}, which cannot be decoded",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
            metrics.undecodable();
            acknowledge(record, AcknowledgeType.REJECT);
            return;
        }
        Instant requestedAt = Instant.ofEpochMilli(record.timestamp());
        if (requestedAt.isBefore(board.time().minus(OLDEST))) {
            log.info("Dropped the request for {} of {}: it is too old", claims.attempt(request), requestedAt);
            metrics.tooOld();
            acknowledge(record, AcknowledgeType.ACCEPT);
            return;
        }
        Optional<Stale> stale = staleness(request);
        if (stale.isPresent()) {
            log.info(
                    "Dropped the request for {} attempt {}: {}",
                    request.stage(),
                    request.attempt().value(),
                    stale.get());
            metrics.dropped(stale.get());
            acknowledge(record, AcknowledgeType.ACCEPT);
            return;
        }
        StopSignal stop = new StopSignal();
        Claimed<F> claimed;
        try {
            claimed = claims.claim(request, requestedAt, TraceHeader.of(record.headers()), stop);
        } catch (AttemptLost e) {
            log.warn("The claim of {} is in doubt", claims.attempt(request), e);
            giveBackUnclaimed(record);
            return;
        }
        doubts.settled();
        acknowledge(record, AcknowledgeType.ACCEPT);
        metrics.accepted(Duration.ofNanos(System.nanoTime() - delivered));
        active.start(
                claimed.writer().id(),
                new StageTask<>(stages, executor, request, claimed, lookBack, stop, board, metrics));
    }

    /**
     * Lets the request be delivered again, after a while: each delivery counts, and one too many is put aside by the broker in silence.
     * The last one is put aside here, and that is said; the coordinator repeats a request that nobody claims.
     */
    private void giveBackUnclaimed(ConsumerRecord<byte[], byte[]> record) {
        if (isDeliveredAtLeast(record, WorkerClients.MOST_DELIVERIES)) {
            log.error(
                    "The request {}-{}@{} was delivered {} times and could not be claimed; it waits until it is repeated",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    WorkerClients.MOST_DELIVERIES);
            metrics.exhausted();
            acknowledge(record, AcknowledgeType.ACCEPT);
        } else {
            acknowledge(record, AcknowledgeType.RELEASE);
        }
        doubts.arose();
    }

    private static boolean isDeliveredAtLeast(ConsumerRecord<byte[], byte[]> record, int times) {
        return record.deliveryCount().filter(count -> count >= times).isPresent();
    }

    /** A failure is of no consequence but a second delivery, whose claim is void. */
    private void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            requests.acknowledge(record, type);
            requests.commitSync(COMMIT_TIMEOUT)
                    .forEach((partition, failure) -> failure.ifPresent(cause ->
                            log.warn("The acknowledgement of {}@{} came too late", partition, record.offset(), cause)));
        } catch (KafkaException | IllegalStateException e) {
            log.warn("{}@{} could not be acknowledged", record.topic(), record.offset(), e);
        }
    }
}
