package io.tailrace.turn.stage;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Turns: their requests and their facts. */
final class TurnStages implements StageCodec<TurnRequest, TurnFact> {
    private final EventCodec codec;
    private final KafkaRecords records;

    TurnStages(EventCodec codec) {
        this.codec = codec;
        this.records = new KafkaRecords(codec);
    }

    @Override
    public StageKind kind() {
        return StageKind.TURN;
    }

    @Override
    public StageRequest<TurnRequest> decode(byte @Nullable [] value) throws UndecodableRecord {
        TurnRequest request = codec.decode(Topic.TURN_REQUESTS, TurnRequest.class, value);
        return new StageRequest<>(request.stageId(), request.attempt(), request.chapterFrom(), request);
    }

    @Override
    public ProducerRecord<byte[], byte[]> encode(
            int partition, AttemptId attempt, long sequence, EventId id, Instant occurredAt, TurnFact fact) {
        return records.stageEvent(
                partition,
                TurnEvent.ofAttempt(
                        id, attempt.stage(), attempt.attempt(), sequence, attempt.worker(), occurredAt, fact));
    }

    @Override
    public TurnFact started(TurnRequest work) {
        return new TurnFact.AttemptStarted(work.turnId());
    }

    @Override
    public TurnFact heartbeat() {
        return new StageFact.Heartbeat();
    }

    @Override
    public TurnFact released(String reason) {
        return new StageFact.AttemptReleased(reason);
    }

    @Override
    public EventCodec codec() {
        return codec;
    }

    @Override
    public Optional<Outcome> outcome(TurnFact fact) {
        return switch (fact) {
            case TurnFact.TurnCompleted _ -> Optional.of(Outcome.SUCCEEDED);
            case TurnFact.TurnFailed(TurnFact.TurnContent _, TurnFailure failure) ->
                Optional.of(failure.isCancel() ? Outcome.CANCELED : Outcome.FAILED);
            case TurnFact.TurnPaused _ -> Optional.of(Outcome.SUCCEEDED);
            case StageFact.Frame _, TurnFact.Progress _ -> Optional.empty();
        };
    }

    @Override
    public TurnFact failed(TurnRequest work, Failure failure) {
        ModelChoice model = switch (work.source()) {
            case TurnSource.ChatMessage message -> message.chat().model();
            case TurnSource.PlanPrompt prompt -> prompt.step().model();
        };
        TurnFact.TurnContent nothing = new TurnFact.TurnContent(
                work.turnId(),
                "",
                AssistantMessage.EMPTY,
                model.provider(),
                model.model().orElse(""),
                Usage.NONE,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        return new TurnFact.TurnFailed(nothing, new TurnFailure(failure.code(), failure.message(), false, Map.of()));
    }
}
