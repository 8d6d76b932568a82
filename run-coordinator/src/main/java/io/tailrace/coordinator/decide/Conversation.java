package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.TurnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What there is of a chat beside its open stage. Texts are not in it: what was said lies in the log, and here is where.
 *
 * @param waiting turns that are accepted and not dispatched, in their order
 * @param active the turn that the open stage answers
 * @param closing whether no more turns are taken
 * @param history the terminal records of the turns that a context is made of: offsets in the run's partition of
 *     turn-events, in their order. The last summary among them stands for what came before them all.
 *     At most {@value #LONGEST_HISTORY}, the last ones
 * @param known the turns that came last, by which a command that comes twice is known
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Conversation(
        List<PendingTurn> waiting,
        Optional<PendingTurn> active,
        boolean closing,
        List<Long> history,
        List<TurnId> known) {
    /** How many turns back a repeated command is noticed. */
    static final int KNOWN = 64;

    /**
     * The most records that a context is made of. Workers compact a history long before; one that never does must not
     * make a state and requests that no record can hold.
     */
    static final int LONGEST_HISTORY = 10_000;

    static final Conversation EMPTY = new Conversation(List.of(), Optional.empty(), false, List.of(), List.of());

    public Conversation {
        waiting = List.copyOf(waiting);
        history = List.copyOf(history);
        known = List.copyOf(known);
    }

    boolean knows(TurnId turn) {
        return known.contains(turn);
    }

    boolean isActive(TurnId turn) {
        return active.filter(it -> it.id().equals(turn)).isPresent();
    }

    Optional<PendingTurn> next() {
        return waiting.stream().findFirst();
    }

    Conversation accepted(PendingTurn turn) {
        List<PendingTurn> longer = new ArrayList<>(waiting);
        longer.add(turn);
        return new Conversation(longer, active, closing, history, remembering(turn.id()));
    }

    /** Whether it waited or never was accepted, it is known from now on and answered never. */
    Conversation rejected(TurnId turn) {
        return new Conversation(without(turn), active, closing, history, remembering(turn));
    }

    /** @throws IllegalStateException if the turn did not wait */
    Conversation dispatched(TurnId turn) {
        PendingTurn found = waiting.stream()
                .filter(it -> it.id().equals(turn))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(turn + " does not wait"));
        return new Conversation(without(turn), Optional.of(found), closing, history, known);
    }

    /** The active turn has ended. */
    Conversation ended() {
        return new Conversation(waiting, Optional.empty(), closing, history, known);
    }

    Conversation closed() {
        return new Conversation(waiting, active, true, history, known);
    }

    /**
     * A turn left a record that later contexts are made of.
     *
     * @param compacted how many of the turns before, the oldest, the record sums up
     */
    Conversation recorded(long offset, int compacted) {
        List<Long> longer = new ArrayList<>(history.subList(Math.clamp(compacted, 0, history.size()), history.size()));
        longer.add(offset);
        if (longer.size() > LONGEST_HISTORY) {
            longer.removeFirst();
        }
        return new Conversation(waiting, active, closing, longer, known);
    }

    private List<PendingTurn> without(TurnId turn) {
        return waiting.stream().filter(it -> !it.id().equals(turn)).toList();
    }

    private List<TurnId> remembering(TurnId turn) {
        if (known.contains(turn)) {
            return known;
        }
        List<TurnId> longer = new ArrayList<>(known);
        longer.add(turn);
        return longer.size() > KNOWN ? longer.subList(longer.size() - KNOWN, longer.size()) : longer;
    }
}
