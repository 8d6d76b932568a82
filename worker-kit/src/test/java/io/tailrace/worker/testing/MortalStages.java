package io.tailrace.worker.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageRequest;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Test stages that end the thread that reads their requests, once they are told to. */
public final class MortalStages implements StageCodec<BuildRequest, BuildFact> {
    private final TestStages stages = new TestStages();
    private volatile boolean dying;

    /** From now on a request ends its thread. */
    public void die() {
        dying = true;
    }

    @Override
    public StageKind kind() {
        return stages.kind();
    }

    @Override
    public StageRequest<BuildRequest> decode(byte @Nullable [] value) throws UndecodableRecord {
        if (dying) {
            throw new OutOfMemoryError("for a test");
        }
        return stages.decode(value);
    }

    @Override
    public ProducerRecord<byte[], byte[]> encode(
            int partition, AttemptId attempt, long sequence, EventId id, Instant at, BuildFact fact) {
        return stages.encode(partition, attempt, sequence, id, at, fact);
    }

    @Override
    public BuildFact started(BuildRequest work) {
        return stages.started(work);
    }

    @Override
    public BuildFact heartbeat() {
        return stages.heartbeat();
    }

    @Override
    public BuildFact released(String reason) {
        return stages.released(reason);
    }

    @Override
    public EventCodec codec() {
        return stages.codec();
    }

    @Override
    public Optional<Outcome> outcome(BuildFact fact) {
        return stages.outcome(fact);
    }

    @Override
    public BuildFact failed(BuildRequest work, Failure failure) {
        return stages.failed(work, failure);
    }
}
