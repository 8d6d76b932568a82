package io.tailrace.gateway.testing;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.AssistantMessage.ToolCall;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What turn-workers write of calls of tools. Each call has a tool of its own: {@code page-ROUND-INDEX}. */
public final class WrittenCalls {
    /** What a call is executed with, unless another is given. */
    public static final String ARGUMENTS = "{\"url\":\"https://rivers.example/all\"}";

    private WrittenCalls() {}

    /** Tools of a prompt. */
    public static ToolUse tools() {
        return ToolUse.of(List.of(new Tool.HttpGet("page-1-0", Optional.empty(), List.of("rivers.example"), true)));
    }

    /** The model wants to have so many calls executed. */
    public static TurnFact requested(int round, int calls) {
        return requested(round, calls, false);
    }

    /** As an earlier attempt had it. */
    public static TurnFact requestedBefore(int round, int calls) {
        return requested(round, calls, true);
    }

    private static TurnFact requested(int round, int calls, boolean repeated) {
        List<ToolCall> all = IntStream.range(0, calls)
                .mapToObj(
                        it -> new ToolCall(call(round, it).id(), call(round, it).tool(), ARGUMENTS))
                .toList();
        return new TurnFact.ToolCallsRequested(
                round, new AssistantMessage("Let me look.", Optional.empty(), all), repeated);
    }

    static ToolCallRef call(int round, int index) {
        return new ToolCallRef(round, index, "call-" + round + "-" + index, "page-" + round + "-" + index);
    }

    public static TurnFact started(int round, int index) {
        return started(round, index, ARGUMENTS);
    }

    public static TurnFact started(int round, int index, String arguments) {
        return new TurnFact.ToolExecutionStarted(call(round, index), arguments, "key-" + round + "-" + index);
    }

    /** It has a result. */
    public static TurnFact succeeded(int round, int index, String result) {
        return ended(round, index, ToolOutcome.SUCCEEDED, result, false);
    }

    /** It has none. */
    public static TurnFact ended(int round, int index, ToolOutcome outcome, String said) {
        return ended(round, index, outcome, said, false);
    }

    /** The result that an earlier attempt had recorded. */
    public static TurnFact succeededBefore(int round, int index, String result) {
        return ended(round, index, ToolOutcome.SUCCEEDED, result, true);
    }

    private static TurnFact ended(int round, int index, ToolOutcome outcome, String result, boolean repeated) {
        return new TurnFact.ToolExecutionCompleted(
                call(round, index),
                outcome,
                result,
                result.length(),
                outcome == ToolOutcome.SUCCEEDED ? Optional.empty() : Optional.of("no_luck"),
                Optional.empty(),
                Duration.ofMillis(70),
                repeated);
    }
}
