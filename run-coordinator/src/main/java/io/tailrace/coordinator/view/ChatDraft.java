package io.tailrace.coordinator.view;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact.Rejection;
import io.tailrace.events.run.RunView.ChatView;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The chat's part of a view that is being changed. Used once, by one thread. */
final class ChatDraft {
    private final List<TurnView> turns;
    private int accepted;
    private boolean closing;

    ChatDraft(ChatView before) {
        this.turns = new ArrayList<>(before.recent());
        this.accepted = before.turns();
        this.closing = before.closing();
    }

    void submitted(TurnId turn, TurnInput input, Instant at) {
        accepted++;
        turns.add(new TurnView(
                turn,
                TurnStatus.QUEUED,
                Optional.empty(),
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                input.retryOf()));
    }

    void rejected(TurnId turn, Rejection reason, String message, Instant at) {
        Optional<String> code = Optional.of(reason.name().toLowerCase(Locale.ROOT));
        if (turns.stream().noneMatch(it -> it.turnId().equals(turn))) {
            turns.add(new TurnView(
                    turn,
                    TurnStatus.REJECTED,
                    Optional.empty(),
                    at,
                    Optional.of(at),
                    code,
                    Optional.of(message),
                    Optional.empty()));
            return;
        }
        change(
                it -> it.turnId().equals(turn),
                it -> new TurnView(
                        turn,
                        TurnStatus.REJECTED,
                        it.step(),
                        it.submittedAt(),
                        Optional.of(at),
                        code,
                        Optional.of(message),
                        it.retryOf()));
    }

    void dispatched(TurnId turn, int step) {
        change(
                it -> it.turnId().equals(turn),
                it -> new TurnView(
                        turn,
                        TurnStatus.RUNNING,
                        Optional.of(step),
                        it.submittedAt(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        it.retryOf()));
    }

    void finished(int step, Outcome outcome, Optional<Failure> failure, Instant at) {
        change(
                it -> it.step().equals(Optional.of(step)),
                it -> new TurnView(
                        it.turnId(),
                        switch (outcome) {
                            case SUCCEEDED -> TurnStatus.SUCCEEDED;
                            case FAILED -> TurnStatus.FAILED;
                            case CANCELED -> TurnStatus.CANCELED;
                        },
                        it.step(),
                        it.submittedAt(),
                        Optional.of(at),
                        failure.map(Failure::code),
                        failure.map(Failure::message),
                        it.retryOf()));
    }

    /** Whether a turn waits or is being answered. */
    boolean hasOpenTurns() {
        return turns.stream().anyMatch(it -> it.finishedAt().isEmpty());
    }

    void closing() {
        closing = true;
    }

    private void change(Predicate<TurnView> which, UnaryOperator<TurnView> change) {
        turns.replaceAll(it -> which.test(it) ? change.apply(it) : it);
    }

    /** The chat without its oldest turns that have ended, if there are too many. */
    ChatView view() {
        int tooMany = turns.size() - ChatView.RECENT_TURNS;
        for (int i = 0; i < turns.size() && tooMany > 0; ) {
            if (turns.get(i).finishedAt().isPresent()) {
                turns.remove(i);
                tooMany--;
            } else {
                i++;
            }
        }
        return new ChatView(accepted, closing, turns);
    }
}
