package io.tailrace.worker.queue;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.stage.StageKind;
import io.tailrace.worker.stage.StageRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Claims stages: appends {@code attempt.started}, and reads back whether it was the first. Confined to one thread. */
final class Claims<R, F> {

    private final WorkerId worker;
    private final StageKind<R, F> kind;
    private final Producer<byte[], byte[]> producer;
    private final LookBack lookBack;
    private final Supplier<EventId> ids;
    private final InstantSource clock;

    Claims(
            WorkerId worker,
            StageKind<R, F> kind,
            Producer<byte[], byte[]> producer,
            LookBack lookBack,
            Supplier<EventId> ids,
            InstantSource clock) {
        this.worker = worker;
        this.kind = kind;
        this.producer = producer;
        this.lookBack = lookBack;
        this.ids = ids;
        this.clock = clock;
    }

    /** The attempt as which this worker would execute the request. */
    AttemptId attempt(StageRequest<R> request) {
        return new AttemptId(request.stage(), request.attempt(), worker);
    }

    /**
     * Claims the stage of a request.
     *
     * @return the writer of the attempt, or nothing when somebody else holds the stage or it has ended
     * @throws AttemptLost when the claim could not be appended; it is not known whether it stands in the log
     * @throws org.apache.kafka.common.KafkaException when it could not be read back
     */
    Optional<AttemptWriter<F>> claim(StageRequest<R> request, StopSignal stop) throws AttemptLost {
        AttemptId id = attempt(request);
        int partition = request.chapterFrom().partition();
        AttemptWriter<F> writer = new AttemptWriter<>(
                id,
                producer,
                (attempt, sequence, eventId, at, fact) -> kind.encode(partition, attempt, sequence, eventId, at, fact),
                ids,
                clock,
                stop);
        RecordMetadata claim = writer.appendAndAwait(kind.started(request.work()));
        boolean holder = lookBack.isHolder(
                id,
                new LogPosition(kind.events(), partition, claim.offset()),
                Instant.ofEpochMilli(claim.timestamp()),
                request.chapterFrom());
        return holder ? Optional.of(writer) : Optional.empty();
    }
}
