package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.ArrayList;
import java.util.List;

/** An attempt's log in memory. Safe from any thread. */
final class SaidFacts implements AttemptLog<TurnFact> {
    private final List<TurnFact> facts = new ArrayList<>();
    private boolean ended;
    private int takes = Integer.MAX_VALUE;
    private int acknowledged;
    private Class<?> last = Void.class;

    /** From now on it takes so many facts, and then the attempt is lost. */
    synchronized SaidFacts losingAfter(int more) {
        takes = facts.size() + more;
        return this;
    }

    /** It takes the first fact of this type, and then the attempt is lost. */
    synchronized SaidFacts losingAfter(Class<? extends TurnFact> type) {
        last = type;
        return this;
    }

    @Override
    public synchronized void append(TurnFact fact) throws AttemptLost {
        if (ended || facts.size() >= takes) {
            throw new AttemptLost("the log takes nothing more");
        }
        facts.add(fact);
        if (last.isInstance(fact)) {
            takes = facts.size();
        }
    }

    @Override
    public synchronized LogPosition sync() {
        acknowledged = facts.size();
        return position();
    }

    private LogPosition position() {
        return new LogPosition(Topic.TURN_EVENTS, 0, facts.size() - 1L);
    }

    /** What was appended before somebody last waited for the log. */
    synchronized List<TurnFact> acknowledged() {
        return List.copyOf(facts.subList(0, acknowledged));
    }

    @Override
    public synchronized LogPosition end(TurnFact fact) throws AttemptLost {
        append(fact);
        ended = true;
        return position();
    }

    synchronized List<TurnFact> facts() {
        return List.copyOf(facts);
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    <T extends TurnFact> List<T> of(Class<T> type) {
        return facts().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The last fact. */
    TurnFact last() {
        return facts().getLast();
    }

    /** The types of all facts, in order. */
    List<String> types() {
        return facts().stream().map(it -> it.type().wireName()).toList();
    }

    /** The text of all deltas. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (TurnFact.ModelDelta window : of(TurnFact.ModelDelta.class)) {
            for (TurnFact.Delta delta : window.deltas()) {
                if (delta.kind() == TurnFact.DeltaKind.TEXT) {
                    text.append(delta.text());
                }
            }
        }
        return text.toString();
    }
}
