package io.tailrace.turn.stage;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Compaction;
import io.tailrace.events.stage.TurnFact.WaitingCall;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What one attempt says of its turn, and sums up at its end. Confined to the attempt's thread. */
final class TurnReport {
    private final TurnId turn;
    private final String text;
    private final String provider;
    private final String model;
    private final AttemptLog<TurnFact> log;
    private final LongSupplier nanoTime;
    private final long startedAt;

    private AssistantMessage message = AssistantMessage.EMPTY;
    private Usage usage = Usage.NONE;
    private Optional<Duration> firstDelta = Optional.empty();
    private Optional<Compaction> compaction = Optional.empty();

    TurnReport(
            TurnId turn, String text, String provider, String model, AttemptLog<TurnFact> log, LongSupplier nanoTime) {
        this.turn = turn;
        this.text = text;
        this.provider = provider;
        this.model = model;
        this.log = log;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    String provider() {
        return provider;
    }

    String model() {
        return model;
    }

    void say(TurnFact fact) throws AttemptLost {
        log.append(fact);
    }

    /** Waits until the log has all that was said, and says where the last of it lies. */
    LogPosition sync() throws AttemptLost {
        return log.sync();
    }

    /** The first delta has come. */
    void deltaCame() {
        if (firstDelta.isEmpty()) {
            firstDelta = Optional.of(sinceStart());
        }
    }

    void answer(AssistantMessage soFar) {
        message = soFar;
    }

    void compacted(Compaction it) {
        compaction = Optional.of(it);
    }

    /** Says what a provider call took; what is billed is part of the turn's usage. */
    void used(TurnFact.TurnUsage call) throws AttemptLost {
        if (call.billing() == TurnFact.Billing.BILLED) {
            usage = usage.plus(call.usage());
        }
        say(call);
    }

    void checkpoint(int call, Optional<TurnFact.FinishReason> reason) throws AttemptLost {
        say(new TurnFact.TurnCheckpointed(turn, call, message, reason, usage));
    }

    /** Ends it with the answer. Says where that lies. */
    LogPosition complete(TurnFact.FinishReason reason) throws AttemptLost {
        return log.end(new TurnFact.TurnCompleted(content(), reason));
    }

    /** Ends it with an answer that was given before, by the model that gave it. */
    void completeAsBefore(TurnFact.TurnCompleted before) throws AttemptLost {
        TurnFact.TurnContent was = before.content();
        TurnFact.TurnContent now = new TurnFact.TurnContent(
                turn,
                text,
                was.message(),
                was.provider(),
                was.model(),
                Usage.NONE,
                sinceStart(),
                Optional.empty(),
                Optional.empty());
        log.end(new TurnFact.TurnCompleted(now, before.finishReason()));
    }

    /** Ends the stage, and not the turn: these calls wait. All that was said before is in the log then. */
    void pause(int round, List<WaitingCall> calls) throws AttemptLost {
        LogPosition _ = log.sync();
        log.end(new TurnFact.TurnPaused(turn, round, calls, usage, sinceStart()));
    }

    void fail(TurnFailure failure) throws AttemptLost {
        log.end(new TurnFact.TurnFailed(content(), failure));
    }

    private TurnFact.TurnContent content() {
        return new TurnFact.TurnContent(
                turn, text, message, provider, model, usage, sinceStart(), firstDelta, compaction);
    }

    private Duration sinceStart() {
        return Duration.ofNanos(nanoTime.getAsLong() - startedAt);
    }
}
