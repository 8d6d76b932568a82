package io.tailrace.gateway.execution;

import io.tailrace.events.id.StageId;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far the stage of a prompt has come. Immutable.
 *
 * @param told what was said of the prompt, but for its calls
 * @param calls what was said of its calls
 * @param cached whether its holder takes an answer that was given to the same question shortly before
 * @param trouble how it failed, by its last record
 */
record PromptStage(
        StageId id, Set<ExecutionEventType> told, Set<ToldCall> calls, boolean cached, Optional<Trouble> trouble) {
    PromptStage {
        told = Set.copyOf(told);
        calls = Set.copyOf(calls);
    }

    /**
     * What was said of a call of a tool, which has the same numbers in every attempt.
     *
     * @param ended whether that was its end
     */
    record ToldCall(int round, int index, boolean ended) {
        static ToldCall begun(ToolCallRef call) {
            return new ToldCall(call.round(), call.index(), false);
        }

        static ToldCall ended(ToolCallRef call) {
            return new ToldCall(call.round(), call.index(), true);
        }
    }

    /**
     * Why there is no answer.
     *
     * @param recoverable whether another execution may do better
     */
    record Trouble(boolean recoverable, Map<String, String> details) {
        Trouble {
            details = Map.copyOf(details);
        }
    }

    /** Of which nothing was said. */
    static PromptStage begun(StageId id) {
        return new PromptStage(id, Set.of(), Set.of(), false, Optional.empty());
    }

    /** Which step of the plan it executes, from 1. */
    int step() {
        return Integer.parseInt(id.value().substring(id.value().lastIndexOf('.') + 1));
    }

    PromptStage telling(ExecutionEventType type) {
        Set<ExecutionEventType> all = EnumSet.of(type);
        all.addAll(told);
        return new PromptStage(id, all, calls, cached, trouble);
    }

    PromptStage telling(ToldCall call) {
        Set<ToldCall> all = new HashSet<>(calls);
        all.add(call);
        return new PromptStage(id, told, all, cached, trouble);
    }

    /** Whether that was said of a call already. Its beginning needs not be said after its end. */
    boolean hasTold(ToldCall call) {
        return calls.contains(call) || calls.contains(new ToldCall(call.round(), call.index(), true));
    }

    /** A worker does its work, again if another was lost: of that one's work only what it said remains. */
    PromptStage claimed() {
        return new PromptStage(id, told, calls, false, Optional.empty());
    }

    PromptStage reusing(boolean fromCache) {
        return new PromptStage(id, told, calls, fromCache, trouble);
    }

    PromptStage failing(Trouble how) {
        return new PromptStage(id, told, calls, cached, Optional.of(how));
    }
}
