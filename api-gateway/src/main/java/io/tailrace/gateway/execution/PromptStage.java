package io.tailrace.gateway.execution;

import io.tailrace.events.id.StageId;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far the stage of a prompt has come. Immutable.
 *
 * @param told what was said of the prompt
 * @param cached whether its holder takes an answer that was given to the same question shortly before
 * @param trouble how it failed, by its last record
 */
record PromptStage(StageId id, Set<ExecutionEventType> told, boolean cached, Optional<Trouble> trouble) {
    PromptStage {
        told = Set.copyOf(told);
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
        return new PromptStage(id, Set.of(), false, Optional.empty());
    }

    /** Which step of the plan it executes, from 1. */
    int step() {
        return Integer.parseInt(id.value().substring(id.value().lastIndexOf('.') + 1));
    }

    PromptStage telling(ExecutionEventType type) {
        Set<ExecutionEventType> all = EnumSet.of(type);
        all.addAll(told);
        return new PromptStage(id, all, cached, trouble);
    }

    /** A worker does its work, again if another was lost: of that one's work only what it said remains. */
    PromptStage claimed() {
        return new PromptStage(id, told, false, Optional.empty());
    }

    PromptStage reusing(boolean fromCache) {
        return new PromptStage(id, told, fromCache, trouble);
    }

    PromptStage failing(Trouble how) {
        return new PromptStage(id, told, cached, Optional.of(how));
    }
}
