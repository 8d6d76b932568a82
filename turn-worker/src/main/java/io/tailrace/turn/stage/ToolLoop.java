package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.WaitingCall;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.stage.ToolRounds.End;
import io.tailrace.turn.tool.ToolArguments;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks a model until it answers without calls of tools, and tells it in between what came of them; or until calls wait.
 * Rounds that are recorded nobody is asked for: those of an attempt before this one are said again, those of a stage before
 * this one stand. Used once, on the stage's thread.
 */
final class ToolLoop {
    private final ToolUse use;
    private final RecordedRounds recorded;
    private final ToolRounds rounds;
    private final ModelCalls calls;
    private final AnswerCall answer;
    private final TurnEnding ending;
    private final TurnReport report;
    private final StopSignal stop;
    private final ToolConversation conversation = new ToolConversation();
    private Optional<LogPosition> end = Optional.empty();

    ToolLoop(
            ToolUse use,
            RecordedRounds recorded,
            ToolRounds rounds,
            ModelCalls calls,
            AnswerCall answer,
            TurnEnding ending,
            TurnReport report,
            StopSignal stop) {
        this.use = use;
        this.recorded = recorded;
        this.rounds = rounds;
        this.calls = calls;
        this.answer = answer;
        this.ending = ending;
        this.report = report;
        this.stop = stop;
    }

    /** Whether an attempt or a stage before this one has recorded a round. */
    boolean hasBegun() {
        return recorded.count() > 0;
    }

    /** Says the recorded rounds again, for a turn whose answer was complete after them. */
    void sayAgain() throws AttemptLost {
        for (int round = 1; round <= recorded.count(); round++) {
            AssistantMessage message = recorded.message(round).orElseThrow();
            request(round, message);
            rounds.sayAgain(round, message);
        }
    }

    /** Says what the model wants to know, unless a stage before this one has said it. */
    private void request(int round, AssistantMessage message) throws AttemptLost {
        boolean before = recorded.message(round).isPresent();
        if (round <= recorded.standing()) {
            report.answer(message);
            return;
        }
        if (before) {
            answer.again(message);
        }
        report.say(new TurnFact.ToolCallsRequested(round, message, before));
    }

    /**
     * Answers the turn, and ends it unless it waits or is to be given back.
     *
     * @param question what the model is asked first
     * @param tokens how many it has
     * @param limit how many it may have with what tools answer
     * @return where the turn's end lies, if the model said all that it wanted to
     */
    Optional<LogPosition> answer(ModelRequest question, long tokens, long limit) throws AttemptLost, Unanswerable {
        List<ModelMessage> messages = new ArrayList<>(question.messages());
        long taken = tokens;
        for (int round = 1; ; round++) {
            Optional<AssistantMessage> before = recorded.message(round);
            Optional<AssistantMessage> said =
                    before.isPresent() ? before : ask(question.withMessages(messages), taken, round);
            if (said.isEmpty()) {
                return end;
            }
            AssistantMessage message = said.get();
            request(round, message);
            ToolRounds.End came = rounds.execute(round, message);
            Optional<TurnFailure> circle = rounds.circle();
            if (!(came instanceof End.Ended(List<ToolExecutionCompleted> ended)) || circle.isPresent()) {
                leave(round, came, circle);
                return end;
            }
            boolean last = round >= use.maxRounds() || rounds.calls() >= use.maxCalls();
            List<ModelMessage> told = conversation.told(round, message, ended, last);
            messages.addAll(told);
            taken += ToolConversation.tokens(told);
            if (taken > limit) {
                throw Unanswerable.toolsTooLong(report.model(), taken, limit);
            }
        }
    }

    /** The model's message if it calls tools; otherwise the turn has ended, or is to be given back. */
    private Optional<AssistantMessage> ask(ModelRequest question, long tokens, int round)
            throws AttemptLost, Unanswerable {
        AnswerCall.Result result = answer.ask(question);
        AssistantMessage message = result.answer().message();
        if (!(result.end() instanceof CallEnd.Finished finished) || !callsTools(message, finished.reason())) {
            end = ending.after(result, tokens);
            return Optional.empty();
        }
        calls.used(ProviderMapping.usage(finished.usage()));
        if (round > use.maxRounds()) {
            throw Unanswerable.toolLimit(
                    "The model called tools once more after " + use.maxRounds()
                            + " rounds, although it was told that none are left.",
                    use.maxRounds(),
                    rounds.calls());
        }
        if (message.toolCalls().size() > ToolUse.MAX_CALLS) {
            throw Unanswerable.toolLimit(
                    "The model made " + message.toolCalls().size() + " calls of tools in one answer; "
                            + ToolUse.MAX_CALLS + " can be.",
                    round - 1,
                    rounds.calls());
        }
        return Optional.of(message);
    }

    /** An answer that was cut off may have half a call: then it is the answer, and nothing is executed. */
    private static boolean callsTools(AssistantMessage message, FinishReason reason) {
        if (message.toolCalls().isEmpty()) {
            return false;
        }
        return switch (reason) {
            case STOP, TOOL_CALLS, OTHER -> true;
            case LENGTH, CONTENT_FILTER ->
                message.toolCalls().stream().allMatch(it -> ToolArguments.isWhole(it.arguments()));
        };
    }

    /** Nobody is asked about calls of a turn that fails anyway. */
    private void leave(int round, End came, Optional<TurnFailure> circle) throws AttemptLost {
        if (came instanceof End.Stopped) {
            if (stop.reason().equals(Optional.of(StopReason.CANCELED))) {
                report.fail(TurnEnding.canceled());
            }
        } else if (circle.isPresent()) {
            report.fail(circle.get());
        } else if (came instanceof End.Waits(List<WaitingCall> calls)) {
            report.pause(round, calls);
        }
    }
}
