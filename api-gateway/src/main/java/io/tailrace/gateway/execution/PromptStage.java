package io.tailrace.gateway.execution;

import io.tailrace.events.id.StageId;
import io.tailrace.events.run.RunFact.ToolCallSpot;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far a prompt has come: in one stage, or in several, because calls of its tools had to wait. Immutable.
 *
 * @param id the stage that works at it now, or did so last
 * @param step of the plan that it is, from 1
 * @param told what was said of the prompt, but for its calls
 * @param calls what was said of its calls
 * @param waiting the arguments of calls that wait, as they are shown
 * @param cached whether its holder takes an answer that was given to the same question shortly before
 * @param pauses what there is of the stages in which it was paused
 * @param trouble how it failed, by its last record
 */
record PromptStage(
        StageId id,
        int step,
        Set<ExecutionEventType> told,
        Set<ToldCall> calls,
        Map<ToldCall, Object> waiting,
        boolean cached,
        Optional<Instant> startedAt,
        Pauses pauses,
        Optional<Trouble> trouble) {
    PromptStage {
        told = Set.copyOf(told);
        calls = Set.copyOf(calls);
        waiting = Map.copyOf(waiting);
    }

    /**
     * What was said of a call of a tool, which has the same numbers in every attempt and every stage of its prompt.
     *
     * @param ended whether that was its end
     */
    record ToldCall(int round, int index, boolean ended) {
        static ToldCall begun(ToolCallRef call) {
            return new ToldCall(call.round(), call.index(), false);
        }

        static ToldCall begun(ToolCallSpot call) {
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

    /**
     * The stages in which a prompt was paused.
     *
     * @param outputTokens of all of them before the last
     * @param lastTokens of the last one, if it is paused
     * @param isNow whether nothing works at the prompt now
     */
    record Pauses(int count, long outputTokens, long lastTokens, boolean isNow) {
        static final Pauses NONE = new Pauses(0, 0, 0, false);

        /** The stage said so. It counts when the spine says so too. */
        Pauses said(long tokens) {
            return new Pauses(count, outputTokens, tokens, isNow);
        }

        Pauses begun() {
            return new Pauses(count + 1, outputTokens, lastTokens, true);
        }

        Pauses ended() {
            return new Pauses(count, PromptFields.sum(outputTokens, lastTokens), 0, false);
        }
    }

    /** Of which nothing was said. */
    static PromptStage begun(StageId id, int step) {
        return new PromptStage(
                id, step, Set.of(), Set.of(), Map.of(), false, Optional.empty(), Pauses.NONE, Optional.empty());
    }

    /** Another stage goes on with it. */
    PromptStage continuedBy(StageId other) {
        return new PromptStage(other, step, told, calls, waiting, false, startedAt, pauses.ended(), Optional.empty());
    }

    /** How long it has taken until this moment, waiting included; empty if it was never paused. */
    Optional<Duration> elapsed(Instant now) {
        return pauses.count() == 0 ? Optional.empty() : startedAt.map(it -> Duration.between(it, now));
    }

    PromptStage telling(ExecutionEventType type, Instant at) {
        Set<ExecutionEventType> all = EnumSet.of(type);
        all.addAll(told);
        Optional<Instant> start =
                type == ExecutionEventType.PROMPT_START ? startedAt.or(() -> Optional.of(at)) : startedAt;
        return new PromptStage(id, step, all, calls, waiting, cached, start, pauses, trouble);
    }

    PromptStage telling(ToldCall call) {
        Set<ToldCall> all = new HashSet<>(calls);
        all.add(call);
        Map<ToldCall, Object> rest = new HashMap<>(waiting);
        rest.remove(call);
        return new PromptStage(id, step, told, all, rest, cached, startedAt, pauses, trouble);
    }

    /** Whether that was said of a call already. Its beginning needs not be said after its end. */
    boolean hasTold(ToldCall call) {
        return calls.contains(call) || calls.contains(new ToldCall(call.round(), call.index(), true));
    }

    /** A worker does its work, again if another was lost: of that one's work only what it said remains. */
    PromptStage claimed() {
        return new PromptStage(id, step, told, calls, waiting, false, startedAt, pauses.said(0), Optional.empty());
    }

    PromptStage reusing(boolean fromCache) {
        return new PromptStage(id, step, told, calls, waiting, fromCache, startedAt, pauses, trouble);
    }

    PromptStage failing(Trouble how) {
        return new PromptStage(id, step, told, calls, waiting, cached, startedAt, pauses, Optional.of(how));
    }

    /** It says that calls wait, and how many tokens the stage has taken. */
    PromptStage pausing(Map<ToldCall, Object> arguments, long tokens) {
        return new PromptStage(
                id, step, told, calls, arguments, cached, startedAt, pauses.said(tokens), Optional.empty());
    }

    /** It is paused. */
    PromptStage paused() {
        return new PromptStage(id, step, told, calls, waiting, cached, startedAt, pauses.begun(), Optional.empty());
    }
}
