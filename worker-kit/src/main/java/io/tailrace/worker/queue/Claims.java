package io.tailrace.worker.queue;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.TraceContext;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Claims stages: appends {@code attempt.started}. Whether that was the first is read back before the stage begins. Confined to one thread. */
final class Claims<R, F> {

    /**
     * A claim that the log has taken.
     *
     * @param writer has written the claim and nothing else
     * @param trace has begun
     */
    record Claimed<F>(LookBack.Claim claim, AttemptWriter<F> writer, AttemptTrace trace) {}

    private final WorkerId worker;
    private final StageCodec<R, F> stages;
    private final Producer<byte[], byte[]> claims;
    private final Producer<byte[], byte[]> facts;
    private final Supplier<EventId> ids;
    private final InstantSource clock;
    private final Traces traces;

    /**
     * Claims of one worker.
     *
     * @param claims gives a record up long before the lock of a request ends
     * @param facts for everything after the claim
     */
    Claims(
            WorkerId worker,
            StageCodec<R, F> stages,
            Producer<byte[], byte[]> claims,
            Producer<byte[], byte[]> facts,
            Supplier<EventId> ids,
            InstantSource clock,
            Traces traces) {
        this.worker = worker;
        this.stages = stages;
        this.claims = claims;
        this.facts = facts;
        this.ids = ids;
        this.clock = clock;
        this.traces = traces;
    }

    /** The attempt as which this worker would execute the request. */
    AttemptId attempt(StageRequest<R> request) {
        return new AttemptId(request.stage(), request.attempt(), worker);
    }

    /**
     * Claims the stage of a request. Blocks until the log has the claim, no longer than its producer tries.
     *
     * @param requestedAt the broker's time of the request
     * @param requestedBy what the request came with
     * @throws AttemptLost when the claim could not be appended; it is not known whether it stands in the log
     */
    Claimed<F> claim(StageRequest<R> request, Instant requestedAt, Optional<TraceContext> requestedBy, StopSignal stop)
            throws AttemptLost {
        AttemptId id = attempt(request);
        AttemptTrace trace = AttemptTrace.begin(traces, id, requestedBy);
        int partition = request.chapterFrom().partition();
        AttemptWriter<F> writer = new AttemptWriter<>(
                id,
                facts,
                (attempt, sequence, eventId, at, fact) -> {
                    stages.outcome(fact).ifPresent(trace::ends);
                    return TraceHeader.on(
                            stages.encode(partition, attempt, sequence, eventId, at, fact), trace.context());
                },
                ids,
                clock,
                stop);
        RecordMetadata claim;
        try {
            claim = writer.appendAndAwait(stages.started(request.work()), claims);
        } catch (AttemptLost e) {
            trace.lost(e);
            trace.close();
            throw e;
        }
        LogPosition position = new LogPosition(stages.kind().events(), partition, claim.offset());
        return new Claimed<>(new LookBack.Claim(id, position, requestedAt, request.chapterFrom()), writer, trace);
    }
}
