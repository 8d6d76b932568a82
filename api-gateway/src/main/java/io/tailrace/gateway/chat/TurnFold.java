package io.tailrace.gateway.chat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFact.TurnContent;
import io.tailrace.events.stage.TurnFailure;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One turn, folded from the events that are about it, in the run's order. Confined to one thread. */
final class TurnFold {
    private final TurnId turn;
    private final Instant submittedAt;
    private final AnswerFold answer = new AnswerFold();
    private TurnStatus status = TurnStatus.QUEUED;
    private Optional<TurnInput> input = Optional.empty();
    private Optional<String> text = Optional.empty();
    private Optional<String> provider = Optional.empty();
    private Optional<String> model = Optional.empty();
    private Usage usage = Usage.NONE;
    /** Of the stages in which the turn was paused. */
    private Usage before = Usage.NONE;

    private Optional<FinishReason> finishReason = Optional.empty();
    private Optional<TurnFailure> failure = Optional.empty();
    private int attempts;
    private Optional<TurnId> retryOf = Optional.empty();
    private Optional<StageId> stage = Optional.empty();
    private Optional<Integer> step = Optional.empty();
    private Optional<Instant> startedAt = Optional.empty();
    private Optional<Instant> finishedAt = Optional.empty();
    private Optional<Checkpoint> checkpoint = Optional.empty();
    private boolean closed;

    TurnFold(TurnId turn, Instant submittedAt) {
        this.turn = turn;
        this.submittedAt = submittedAt;
    }

    void submitted(TurnInput asked) {
        input = Optional.of(asked);
        text = Optional.of(asked.text());
        retryOf = asked.retryOf();
    }

    void rejected(RunFact.TurnRejected rejected, Instant at) {
        status = TurnStatus.REJECTED;
        failure = Optional.of(new TurnFailure(
                rejected.reason().name().toLowerCase(Locale.ROOT), rejected.message(), false, Map.of()));
        finishedAt = Optional.of(at);
        closed = true;
    }

    void dispatched(StageId on, int number) {
        stage = Optional.of(on);
        step = Optional.of(number);
        status = TurnStatus.RUNNING;
    }

    /** The stage has ended. Says how the turn did, if its own record was lost or cannot be read. */
    void finished(RunFact.StageFinished finished, Instant at) {
        if (!isSettled()) {
            status = statusOf(finished.outcome());
            failure = finished.failure().map(it -> new TurnFailure(it.code(), it.message(), false, Map.of()));
        }
        attempts = finished.attempt().value();
        startedAt = finished.startedAt().or(() -> startedAt);
        usage = finished.usage().map(before::plus).orElse(usage);
        finishedAt = Optional.of(at);
        closed = true;
    }

    /** The stage has ended, and the turn has not: another one goes on with it. */
    void paused(RunFact.StageFinished finished) {
        before = finished.usage().map(before::plus).orElse(usage);
        usage = before;
    }

    void take(TurnFact fact, TranscriptEvent event) {
        switch (fact) {
            case TurnFact.AttemptStarted _ -> {
                // Whatever an attempt before wrote is superseded.
                answer.replace(AssistantMessage.EMPTY);
                usage = before;
                attempts = event.attempt().map(Attempt::value).orElse(attempts);
                startedAt = Optional.of(event.occurredAt());
            }
            case TurnFact.TurnStarted started -> {
                text = Optional.of(started.text());
                provider = Optional.of(started.provider());
                model = Optional.of(started.model());
                retryOf = started.retryOf();
            }
            case TurnFact.TurnContinued continued -> {
                provider = Optional.of(continued.provider());
                model = Optional.of(continued.model());
            }
            case TurnFact.ModelDelta window -> window.deltas().forEach(answer::add);
            // A round is over: what comes belongs to the model's next message.
            case TurnFact.ToolCallsRequested _ -> answer.replace(AssistantMessage.EMPTY);
            case TurnFact.TurnCheckpointed made -> {
                // The whole of what there is: also what an attempt goes on from that did not write it itself.
                answer.replace(made.message());
                checkpoint = Optional.of(new Checkpoint(
                        event.sequence(),
                        event.occurredAt(),
                        event.attempt(),
                        made.call(),
                        made.message(),
                        made.usage()));
            }
            case TurnFact.TurnUsage used -> {
                switch (used.billing()) {
                    case BILLED -> usage = usage.plus(used.usage());
                    case LOST_ATTEMPT -> {}
                }
            }
            case TurnFact.TurnCompleted completed -> {
                content(completed.content());
                end(TurnStatus.SUCCEEDED, event.occurredAt());
                finishReason = Optional.of(completed.finishReason());
            }
            case TurnFact.TurnFailed failed -> {
                content(failed.content());
                end(failed.failure().isCancel() ? TurnStatus.CANCELED : TurnStatus.FAILED, event.occurredAt());
                failure = Optional.of(failed.failure());
            }
            case StageFact.StageAborted aborted -> {
                end(statusOf(aborted.outcome()), event.occurredAt());
                failure = Optional.of(new TurnFailure(
                        aborted.reason().name().toLowerCase(Locale.ROOT), aborted.message(), false, Map.of()));
            }
            // It is paused: nothing answers it until its next stage, and it is not at its end.
            case TurnFact.TurnPaused _ -> answer.replace(AssistantMessage.EMPTY);
            // As clients do by docs/chat.md: what else there is of a turn's progress makes nothing of its transcript.
            case StageFact.Frame _, TurnFact.Progress _ -> {}
        }
    }

    /** Who failed by a fault of its own knows no more than the provider: then what the attempt has said stands. */
    private void content(TurnContent content) {
        if (content.text().isEmpty()) {
            provider = provider.or(() -> Optional.of(content.provider()));
            model = model.or(() -> Optional.of(content.model()));
            return;
        }
        text = Optional.of(content.text());
        answer.replace(content.message());
        provider = Optional.of(content.provider());
        model = Optional.of(content.model());
        usage = before.plus(content.usage());
    }

    private void end(TurnStatus how, Instant at) {
        status = how;
        finishedAt = Optional.of(at);
    }

    private static TurnStatus statusOf(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> TurnStatus.SUCCEEDED;
            case FAILED -> TurnStatus.FAILED;
            case CANCELED -> TurnStatus.CANCELED;
        };
    }

    private boolean isSettled() {
        return status != TurnStatus.QUEUED && status != TurnStatus.RUNNING;
    }

    /** Whether nothing more is to come that is about it. */
    boolean isClosed() {
        return closed;
    }

    /** The turn as it was submitted; absent if it was never accepted, or retention took that. */
    Optional<TurnInput> input() {
        return input;
    }

    Optional<StageId> stage() {
        return stage;
    }

    /** The last checkpoint of any of its attempts. */
    Optional<Checkpoint> checkpoint() {
        return checkpoint;
    }

    /** How many characters it holds, about. */
    int length() {
        return text.map(String::length).orElse(0) + answer.length();
    }

    /** The turn as it is now. */
    ConversationTurn turn() {
        return new ConversationTurn(
                turn,
                status,
                text.map(ConversationTurn.UserMessage::new),
                answer.message(),
                provider,
                model,
                usage,
                finishReason,
                failure,
                attempts,
                retryOf,
                stage,
                step,
                submittedAt,
                startedAt,
                finishedAt);
    }
}
