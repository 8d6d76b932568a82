package io.tailrace.turn.stage;

import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.AssistantMessage.ToolCall;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.events.stage.TurnFact.WaitingCall;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.text.Excerpt;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.tool.CallGuard;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolArguments;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.turn.tool.ToolRequest;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Executes the calls of a turn's rounds, as far as no attempt before this one did: records that a call begins before it
 * does, and its result after. Calls that wait for a person or a build are left, until the turn goes on with what became of
 * them. Confined to the stage's thread.
 */
final class ToolRounds {
    /** Calls that run at the same time. */
    private static final int AT_ONCE = 8;

    private final TurnRequest request;
    private final ToolUse use;
    private final ToolExecution execution;
    private final RecordedRounds recorded;
    private final TurnLog.Standing standing;
    private final PauseAnswers answers;
    private final TurnReport report;
    private final StopSignal stop;
    private final LongSupplier nanoTime;
    private final CallGuard guard = new CallGuard();
    private int calls;

    ToolRounds(
            TurnRequest request,
            ToolUse use,
            ToolExecution execution,
            RecordedRounds recorded,
            TurnLog.Standing standing,
            PauseAnswers answers,
            TurnReport report,
            StopSignal stop,
            LongSupplier nanoTime) {
        this.request = request;
        this.use = use;
        this.execution = execution;
        this.recorded = recorded;
        this.standing = standing;
        this.answers = answers;
        this.report = report;
        this.stop = stop;
        this.nanoTime = nanoTime;
    }

    /** A round whose calls are being executed. */
    private static final class Round {
        private final int number;
        private final List<ToolCall> calls;
        private final SortedMap<Integer, ToolExecutionCompleted> ended = new TreeMap<>();
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private final List<WaitingCall> pausing = new ArrayList<>();

        Round(int number, AssistantMessage message) {
            this.number = number;
            this.calls = message.toolCalls();
        }

        ToolCallRef ref(int index) {
            return new ToolCallRef(
                    number, index, calls.get(index).id(), calls.get(index).name());
        }

        String arguments(int index) {
            return calls.get(index).arguments();
        }
    }

    private record Waiting(int index, ToolRequest request) {}

    /** How it ended with a round. */
    sealed interface End {
        /** All calls have, in their order. */
        record Ended(List<ToolExecutionCompleted> calls) implements End {}

        /** All others have, and these wait for a person or a build. */
        record Waits(List<WaitingCall> calls) implements End {}

        /** The attempt has to stop before. */
        record Stopped() implements End {}
    }

    /** How many calls of the turn were executed, or could have been. */
    int calls() {
        return Math.min(calls, use.maxCalls());
    }

    /** What the turn is to fail with because its calls go in a circle. */
    Optional<TurnFailure> circle() {
        return guard.ended();
    }

    /** Says again what the attempts before this one recorded of a round, and executes nothing. */
    void sayAgain(int number, AssistantMessage message) throws AttemptLost {
        sayAgain(new Round(number, message));
    }

    private void sayAgain(Round round) throws AttemptLost {
        for (ToolExecutionCompleted before : recorded.results(round.number)) {
            int index = before.call().index();
            if (index < 0 || index >= round.calls.size()) {
                continue;
            }
            ToolExecutionCompleted again = new ToolExecutionCompleted(
                    before.call(),
                    before.outcome(),
                    before.result(),
                    before.resultBytes(),
                    before.code(),
                    before.warning(),
                    before.duration(),
                    true);
            Optional<String> _ = guard.observe(round.arguments(index), again);
            round.ended.put(index, again);
            if (!recorded.stands(before)) {
                report.say(again);
            }
        }
    }

    /** Brings all calls of a round to their end, but for those that have to wait. */
    End execute(int number, AssistantMessage message) throws AttemptLost {
        Round round = new Round(number, message);
        sayAgain(round);
        for (int i = 0; i < round.calls.size(); i++) {
            prepare(round, i);
        }
        try (RunningCalls running = new RunningCalls(execution, use.timeout(), stop, nanoTime)) {
            while (round.ended.size() + round.pausing.size() < round.calls.size()) {
                if (running.takesMore()) {
                    begin(round, running);
                }
                Optional<RunningCalls.Result> next = running.next();
                if (next.isEmpty()) {
                    return new End.Stopped();
                }
                end(round, next.get().index(), next.get().result(), next.get().took());
            }
        }
        if (round.pausing.isEmpty()) {
            return new End.Ended(new ArrayList<>(round.ended.values()));
        }
        return stop.reason().isPresent() ? new End.Stopped() : new End.Waits(round.pausing);
    }

    /** Ends a call that is not to be executed; any other waits. */
    private void prepare(Round round, int index) throws AttemptLost {
        Optional<Tool> tool = use.named(round.calls.get(index).name());
        if (tool.isPresent()) {
            calls++;
        }
        if (round.ended.containsKey(index)) {
            return;
        }
        if (tool.isEmpty()) {
            end(round, index, unknown(round.calls.get(index).name()), Duration.ZERO);
        } else if (calls > use.maxCalls()) {
            end(round, index, noCallsLeft(), Duration.ZERO);
        } else if (recorded.hasBegun(round.number, index) && !tool.get().idempotent()) {
            end(round, index, CallResult.unknown(), Duration.ZERO);
        } else {
            try {
                ready(round, new Waiting(index, request(round, index, tool.get())));
            } catch (ToolArguments.Invalid e) {
                end(round, index, e.result(), Duration.ZERO);
            }
        }
    }

    /** A call that could be executed, if it need not wait. */
    private void ready(Round round, Waiting call) throws AttemptLost {
        Tool tool = call.request().tool();
        if (!tool.pauses()) {
            round.waiting.add(call);
        } else if (round.number > recorded.standing()) {
            round.pausing.add(new WaitingCall(round.ref(call.index()), round.arguments(call.index())));
        } else {
            switch (answers.decide(tool, round.number, call.index())) {
                case PauseAnswers.Decision.Execute _ -> round.waiting.add(call);
                case PauseAnswers.Decision.Ended(CallResult result, Duration took) ->
                    endBounded(round, call.index(), result, took);
                case PauseAnswers.Decision.Stopped _ -> {}
            }
        }
    }

    private ToolRequest request(Round round, int index, Tool tool) throws ToolArguments.Invalid {
        return new ToolRequest(
                tool,
                ToolArguments.check(tool, round.arguments(index)),
                request.workspace(),
                firstStage().value() + "/" + round.number + "/" + index,
                use.maxResultBytes());
    }

    /** A call has the same key in each stage of its turn. */
    private StageId firstStage() {
        return PauseAnswers.of(request)
                .map(it -> it.stages().getFirst().stage())
                .orElse(request.stageId());
    }

    private CallResult unknown(String name) {
        String known = use.tools().stream().map(Tool::name).collect(Collectors.joining(", "));
        return CallResult.refused(
                "unknown_tool", "There is no tool \"" + Excerpt.of(name, 100) + "\". There are: " + known + ".");
    }

    private CallResult noCallsLeft() {
        return CallResult.refused(
                CallGuard.TOO_MANY_CALLS,
                "Not executed: all " + use.maxCalls()
                        + " calls of this answer are used up. Answer with what you have.");
    }

    /** None is executed before the log has it that it begins. */
    private void begin(Round round, RunningCalls running) throws AttemptLost {
        List<Waiting> next = new ArrayList<>();
        while (running.count() + next.size() < AT_ONCE && !round.waiting.isEmpty()) {
            Waiting call = round.waiting.removeFirst();
            report.say(new ToolExecutionStarted(
                    round.ref(call.index()),
                    round.arguments(call.index()),
                    call.request().idempotencyKey()));
            next.add(call);
        }
        if (!next.isEmpty()) {
            LogPosition said = report.sync();
            if (next.stream().anyMatch(it -> !it.request().tool().idempotent())) {
                requireStage(said);
            }
            next.forEach(it -> running.start(it.index(), it.request()));
        }
    }

    /**
     * Whoever stood still may have lost the stage meanwhile. An attempt that claims it behind this record finds that the calls
     * have begun, and executes none of them that must not be executed twice; one that claimed it before does not.
     */
    private void requireStage(LogPosition said) throws AttemptLost {
        if (!standing.counts(said)) {
            throw new AttemptLost("another attempt had " + request.stageId() + " before its calls began");
        }
    }

    private void end(Round round, int index, CallResult whole, Duration took) throws AttemptLost {
        endBounded(round, index, whole.cutTo(use.maxResultBytes()), took);
    }

    private void endBounded(Round round, int index, CallResult result, Duration took) throws AttemptLost {
        Optional<String> warning = guard.observe(
                round.ref(index),
                round.arguments(index),
                result.outcome(),
                result.code(),
                result.text(),
                result.bytes());
        ToolExecutionCompleted ended = new ToolExecutionCompleted(
                round.ref(index), result.outcome(), result.text(), result.bytes(), result.code(), warning, took, false);
        round.ended.put(index, ended);
        report.say(ended);
    }
}
