package io.tailrace.gateway.chat;

import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Mark;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.StageRequested;
import io.tailrace.events.run.RunFact.TurnRejected;
import io.tailrace.events.run.RunFact.TurnSubmitted;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.gateway.json.DecodedEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A conversation, folded from the events of its run by the rule that {@code docs/chat.md} gives to clients. Events come
 * in the run's order, or those of the spine alone; what is known already changes nothing. Holds the turns that were
 * asked for and no others. No I/O. Confined to one thread.
 */
final class Transcript {
    private final Selection selection;
    private final Map<TurnId, TurnFold> turns = new LinkedHashMap<>();
    private final Map<StageId, TurnFold> byStage = new HashMap<>();
    private boolean begun;
    private boolean more;

    Transcript(Selection selection) {
        this.selection = selection;
        this.begun = !(selection instanceof Selection.Page page) || page.after().isEmpty();
    }

    /** Whether a record can add anything, told by its headers: if not, it need not be decoded. */
    boolean wants(EventHeaders headers) {
        boolean chapter = headers.attempt().isPresent() || headers.mark() == Mark.ABORT;
        return !chapter || headers.stage().filter(byStage::containsKey).isPresent();
    }

    /** Takes the next event. */
    void accept(TranscriptEvent event) {
        switch (event.said()) {
            case DecodedEvent.OfRun(Instant _, RunFact fact) -> spine(fact, event);
            case DecodedEvent.OfStage(Instant _, TurnFact fact) -> chapter(fact, event);
            case DecodedEvent.OfStage _ -> {
                // Of a stage that is no turn.
            }
        }
    }

    private void spine(RunFact fact, TranscriptEvent event) {
        switch (fact) {
            case TurnSubmitted submitted -> submitted(submitted, event.occurredAt());
            case TurnRejected rejected -> rejected(rejected, event.occurredAt());
            case StageRequested requested -> requested(requested, event.stage());
            case RunFact.StageFinished finished -> {
                @Nullable TurnFold turn = event.stage().map(byStage::remove).orElse(null);
                if (turn != null && finished.pause().isPresent()) {
                    turn.paused(finished);
                } else if (turn != null) {
                    turn.finished(finished, event.occurredAt());
                    forgetWhatIsNotWanted();
                }
            }
            case RunFact.Lifecycle _,
                    RunFact.StageRedispatched _,
                    RunFact.RunProgress _,
                    RunFact.TurnCancelRequested _,
                    RunFact.RunCloseRequested _,
                    RunFact.OfApproval _ -> {}
        }
    }

    private void submitted(TurnSubmitted submitted, Instant at) {
        TurnId id = submitted.turnId();
        if (begun && !turns.containsKey(id) && hasRoomFor(id)) {
            TurnFold turn = new TurnFold(id, at);
            turn.submitted(submitted.input());
            turns.put(id, turn);
        }
        if (selection instanceof Selection.Page page && page.after().equals(Optional.of(id))) {
            begun = true;
        }
    }

    private boolean hasRoomFor(TurnId id) {
        return switch (selection) {
            case Selection.One one -> one.turn().equals(id);
            case Selection.LatestCheckpoint _ -> true;
            case Selection.Page page -> {
                // Once a turn was left out, all after it are.
                more = more || turns.size() == page.limit() || (!turns.isEmpty() && length() > page.maxChars());
                yield !more;
            }
        };
    }

    private long length() {
        return turns.values().stream().mapToLong(TurnFold::length).sum();
    }

    private void rejected(TurnRejected rejected, Instant at) {
        TurnId id = rejected.turnId();
        if (selection instanceof Selection.One one && one.turn().equals(id)) {
            // One that was not accepted has been part of nothing before.
            turns.putIfAbsent(id, new TurnFold(id, at));
        }
        TurnFold turn = turns.get(id);
        if (turn != null) {
            turn.rejected(rejected, at);
            forgetWhatIsNotWanted();
        }
    }

    private void requested(StageRequested requested, Optional<StageId> stage) {
        @Nullable TurnFold turn = requested.turnId().map(turns::get).orElse(null);
        if (turn != null && stage.isPresent() && requested.call().isEmpty()) {
            turn.dispatched(stage.get(), requested.step());
            byStage.put(stage.get(), turn);
        }
    }

    private void chapter(TurnFact fact, TranscriptEvent event) {
        @Nullable TurnFold turn = event.stage().map(byStage::get).orElse(null);
        if (turn != null) {
            turn.take(fact, event);
            if (fact instanceof TurnFact.TurnCheckpointed) {
                forgetWhatIsNotWanted();
            }
        }
    }

    /** Of turns that have ended, only the one with the latest checkpoint is of any use to who looks for that. */
    private void forgetWhatIsNotWanted() {
        if (selection instanceof Selection.LatestCheckpoint) {
            Optional<TurnFold> latest = latest();
            turns.values().removeIf(it -> it.isClosed() && !latest.equals(Optional.of(it)));
        }
    }

    private Optional<TurnFold> latest() {
        Optional<TurnFold> latest = Optional.empty();
        for (TurnFold turn : turns.values()) {
            if (turn.checkpoint().isPresent()
                    && (latest.isEmpty()
                            || turn.checkpoint().get().sequence()
                                    > latest.get().checkpoint().orElseThrow().sequence())) {
                latest = Optional.of(turn);
            }
        }
        return latest;
    }

    /** Whether nothing that is still to come can change it. */
    boolean isComplete() {
        Collection<TurnFold> kept = turns.values();
        return switch (selection) {
            case Selection.Page _ -> more && kept.stream().allMatch(TurnFold::isClosed);
            case Selection.One _ -> !kept.isEmpty() && kept.stream().allMatch(TurnFold::isClosed);
            case Selection.LatestCheckpoint _ -> false;
        };
    }

    /** Whether the turn that a page is to begin after has been met. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether there are turns after those of the page. */
    boolean hasMore() {
        return more;
    }

    /** The turns, in the order in which they were submitted. */
    List<ConversationTurn> turns() {
        return turns.values().stream().map(TurnFold::turn).toList();
    }

    /** The turn with this id. */
    Optional<TurnFold> turn(TurnId id) {
        return Optional.ofNullable(turns.get(id));
    }

    /** The turn with the latest checkpoint. */
    Optional<TurnFold> latestCheckpointed() {
        return latest();
    }
}
