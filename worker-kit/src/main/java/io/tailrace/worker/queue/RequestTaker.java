package io.tailrace.worker.queue;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.board.StageBoard.Stale;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageKind;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one request after the other: drops what is stale, claims the stage, accepts the request at once, and only then has the stage
 * executed. Confined to the worker's queue thread.
 *
 * <p>A request whose claim is in doubt (it could not be appended or read back) is released, not accepted: if the claim does stand in the
 * log the next claim of the same attempt is void and silence leads to the next attempt; if not, the next claim holds.
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

    private static final Duration SLOT_PATIENCE = Duration.ofMillis(300);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private final ShareConsumer<byte[], byte[]> requests;
    private final StageKind<R, F> kind;
    private final StageExecutor<R, F> executor;
    private final Claims<R, F> claims;
    private final StageBoard board;
    private final ActiveStages active;
    private final WorkerMetrics metrics;
    private boolean afterRequest;

    RequestTaker(
            ShareConsumer<byte[], byte[]> requests,
            StageKind<R, F> kind,
            StageExecutor<R, F> executor,
            Claims<R, F> claims,
            StageBoard board,
            ActiveStages active,
            WorkerMetrics metrics) {
        this.requests = requests;
        this.kind = kind;
        this.executor = executor;
        this.claims = claims;
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
        if (!active.awaitFreeSlot(SLOT_PATIENCE)) {
            return false;
        }
        ConsumerRecords<byte[], byte[]> polled = requests.poll(afterRequest ? POLL_AFTER_REQUEST : POLL_WHEN_IDLE);
        afterRequest = !polled.isEmpty();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            boolean oftenDelivered = record.deliveryCount()
                    .filter(count -> count >= DELIVERIES_BEFORE_KEEPING)
                    .isPresent();
            if (active.freeSlots() > 0 || oftenDelivered) {
                take(record);
            } else {
                acknowledge(record, AcknowledgeType.RELEASE);
            }
        }
        return true;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        long delivered = System.nanoTime();
        StageRequest<R> request;
        try {
            request = kind.decode(record.value());
        } catch (UndecodableRecord e) {
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
        Optional<Stale> stale = active.executes(claims.attempt(request))
                ? Optional.of(Stale.CLAIMED)
                : board.staleness(request.stage(), request.attempt());
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
        Optional<AttemptWriter<F>> writer;
        try {
            writer = claims.claim(request, stop);
        } catch (AttemptLost | KafkaException e) {
            log.warn("The claim of {} is in doubt; its request is released", request.stage(), e);
            acknowledge(record, AcknowledgeType.RELEASE);
            return;
        }
        acknowledge(record, AcknowledgeType.ACCEPT);
        if (writer.isEmpty()) {
            metrics.beaten();
            return;
        }
        metrics.claimed(Duration.ofNanos(System.nanoTime() - delivered));
        active.start(writer.get().id(), new StageRun<>(kind, executor, request, writer.get(), stop, board, metrics));
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
