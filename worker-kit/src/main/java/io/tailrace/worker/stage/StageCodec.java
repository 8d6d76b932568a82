package io.tailrace.worker.stage;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.StageFact;
import io.tailrace.worker.attempt.AttemptId;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * How stages of one kind stand in the log: their requests and their facts. Thread-safe.
 *
 * @param <R> what a request asks for
 * @param <F> the facts of the stage's topic
 */
public interface StageCodec<R, F> {

    /** Which stages these are. */
    StageKind kind();

    /**
     * A request.
     *
     * @throws UndecodableRecord when the bytes are no request that this release can read
     */
    StageRequest<R> decode(byte @Nullable [] value) throws UndecodableRecord;

    /** The record of a fact for the stage's partition; its number within the attempt counts from 1. */
    ProducerRecord<byte[], byte[]> encode(
            int partition, AttemptId attempt, long sequence, EventId id, Instant occurredAt, F fact);

    /** The fact that claims the stage. */
    F started(R work);

    /** The fact that says that the holder is alive. */
    F heartbeat();

    /** The fact by which the holder gives the stage back. */
    F released(String reason);

    /** What the kind's records are encoded with. */
    EventCodec codec();

    /** Why an attempt gave the stage back, of the record that says so; nothing when it cannot be read. */
    default Optional<String> releaseReason(byte @Nullable [] value) {
        try {
            StageFact fact = codec().stageEvent(kind().events(), value).payload();
            return fact instanceof StageFact.AttemptReleased released
                    ? Optional.of(released.reason())
                    : Optional.empty();
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }

    /** How the fact ends its stage; nothing if it does not. */
    Optional<Outcome> outcome(F fact);

    /** The fact that ends the stage for a failure that is none of its work's own. */
    F failed(R work, Failure failure);
}
