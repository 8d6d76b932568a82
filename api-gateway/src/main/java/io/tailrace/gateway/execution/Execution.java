package io.tailrace.gateway.execution;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.gateway.execution.PromptStage.ToldCall;
import io.tailrace.gateway.execution.PromptStage.Trouble;
import io.tailrace.gateway.json.DecodedEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An execution as far as it has come: the one place where events of a run become events of the contract, for the stream and
 * for the history. A canonical event becomes one event or none. Immutable, pure.
 *
 * <p>A worker that takes a prompt over from one that was lost does its work again. Everything that was said of the prompt
 * stands, and nothing of it is said twice: inputs, answers and versions of repositories are those of the plan, so the work
 * finds the same; a call of a tool is the same one in every attempt, has one start however often it was executed, and one
 * end. A prompt is complete, and a failure counts, by the record that ended its stage alone. A prompt that was paused goes
 * on in another stage, and is the same one. Of a build that executes a call, only the call is told.
 *
 * @param prompts of the plan, in its order; empty until the plan is known, and if retention has taken it: then nothing is
 *     said of prompts
 * @param stage of the prompt that was heard of last
 * @param failed the stage that failed
 * @param cancelReason why it is to be canceled, if somebody said so
 */
record Execution(
        RunId id,
        List<Prompt> prompts,
        Optional<PromptStage> stage,
        Optional<PromptStage> failed,
        Optional<String> cancelReason) {
    Execution {
        prompts = List.copyOf(prompts);
    }

    /** What an event makes of it, and the event of the contract that tells of that. */
    record Told(Execution after, Optional<ExecutionEvent> event) {}

    /** Where and when an event was written. */
    private record Place(EventId event, Optional<StageId> stage, Instant at) {}

    /** Before its first event. */
    static Execution before(RunId run) {
        return new Execution(run, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Takes the next event of its run. */
    Told take(EventHeaders headers, DecodedEvent event) {
        Place place = new Place(headers.eventId(), headers.stage(), event.occurredAt());
        return switch (event) {
            case DecodedEvent.OfRun(Instant _, RunFact fact) -> ofRun(fact, place);
            case DecodedEvent.OfStage(Instant _, TurnFact fact) -> ofStage(fact, place);
            case DecodedEvent.OfStage _ -> nothing();
        };
    }

    private Told ofRun(RunFact fact, Place place) {
        return switch (fact) {
            case RunFact.RunCreated created -> created(created, place);
            case RunFact.RunCancelRequested asked -> silent(new Execution(id, prompts, stage, failed, asked.reason()));
            case RunFact.StageRequested requested -> requested(requested, place);
            case RunFact.StageFinished finished -> finished(finished, place);
            case RunFact.ToolApprovalRequested asked -> asked(asked, place);
            case RunFact.RunCompleted completed -> completed(completed, place);
            case RunFact.RunStarted _,
                    RunFact.StageRedispatched _,
                    RunFact.RunProgress _,
                    RunFact.ToolApprovalDecided _,
                    RunFact.OfChat _ -> nothing();
        };
    }

    private Told created(RunFact.RunCreated created, Place place) {
        if (created.plan().assistant().isEmpty()) {
            return nothing();
        }
        Execution after =
                new Execution(id, Prompt.of(created.plan()), Optional.empty(), Optional.empty(), cancelReason);
        Map<String, @Nullable Object> fields = ofExecution();
        fields.put("totalPrompts", after.prompts.size());
        fields.put("toolName", created.plan().assistant().get().name());
        return after.telling(ExecutionEventType.EXECUTION_START, place, fields);
    }

    private Told requested(RunFact.StageRequested requested, Place place) {
        if (place.stage.isEmpty() || prompt(requested.step()).isEmpty()) {
            return nothing();
        }
        if (requested.call().isPresent()) {
            return building(requested.call().get(), place);
        }
        return silent(at(stage.filter(it -> it.step() == requested.step())
                .map(it -> it.continuedBy(place.stage.get()))
                .orElseGet(() -> PromptStage.begun(place.stage.get(), requested.step()))));
    }

    /** A build executes a call of the prompt that is paused. */
    private Told building(RunFact.ToolCallSpot spot, Place place) {
        Optional<PromptStage> of = stage(spot.stage());
        if (of.isEmpty()) {
            return nothing();
        }
        ToldCall call = ToldCall.begun(spot);
        return call(
                of.get(),
                call,
                ExecutionEventType.TOOL_EXECUTION_START,
                place,
                fields(of.get()).building(spot.tool(), of.get().waiting().get(call)));
    }

    private Told asked(RunFact.ToolApprovalRequested asked, Place place) {
        return stage(asked.call().stage())
                .map(of -> telling(
                        ExecutionEventType.PROGRESS,
                        place,
                        fields(of).asking(asked.call().tool())))
                .orElseGet(this::nothing);
    }

    private Told finished(RunFact.StageFinished finished, Place place) {
        Optional<PromptStage> of = place.stage.flatMap(this::stage);
        if (of.isEmpty()) {
            return nothing();
        }
        if (finished.pause().isPresent()) {
            return silent(at(of.get().paused()));
        }
        return switch (finished.outcome()) {
            case SUCCEEDED ->
                telling(ExecutionEventType.PROGRESS, place, fields(of.get()).answered());
            case FAILED -> silent(new Execution(id, prompts, stage, of, cancelReason));
            case CANCELED -> nothing();
        };
    }

    private Told completed(RunFact.RunCompleted completed, Place place) {
        Map<String, @Nullable Object> fields = ofExecution();
        return switch (completed.outcome()) {
            case SUCCEEDED -> {
                fields.put("totalTokens", tokens(completed.usage().orElse(Usage.NONE)));
                fields.put("duration", completed.duration().toMillis());
                fields.put("success", true);
                yield telling(ExecutionEventType.EXECUTION_COMPLETE, place, fields);
            }
            case FAILED -> {
                failure(fields, completed.failure());
                yield telling(ExecutionEventType.EXECUTION_ERROR, place, fields);
            }
            case CANCELED -> {
                Map<String, String> details = new LinkedHashMap<>();
                details.put("code", TurnFailure.CANCELED);
                cancelReason.ifPresent(it -> details.put("reason", it));
                fields.put("error", "The execution was canceled.");
                fields.put("recoverable", true);
                fields.put("details", details);
                yield telling(ExecutionEventType.EXECUTION_ERROR, place, fields);
            }
        };
    }

    private void failure(Map<String, @Nullable Object> fields, Optional<Failure> failure) {
        Optional<PromptStage> of = failed.or(this::forced);
        Optional<Trouble> trouble = of.flatMap(PromptStage::trouble);
        Map<String, String> details = new LinkedHashMap<>();
        details.put("code", failure.map(Failure::code).orElse("failed"));
        // In the same order for everybody.
        trouble.ifPresent(it -> new TreeMap<>(it.details()).forEach(details::putIfAbsent));
        fields.put("error", failure.map(Failure::message).orElse("The execution failed."));
        of.flatMap(it -> prompt(it.step())).ifPresent(it -> fields.put("promptId", it.id()));
        fields.put("recoverable", trouble.map(Trouble::recoverable).orElse(false));
        fields.put("details", details);
    }

    /** A prompt that was paused when the run failed: it was ended by force, without a record of its own. */
    private Optional<PromptStage> forced() {
        return stage.filter(it -> it.pauses().isNow()).map(it -> it.failing(new Trouble(true, Map.of())));
    }

    /** Those of the input and of the output; what a provider does not report is not counted. */
    private static long tokens(Usage usage) {
        Usage possible = usage.possible();
        Usage output = new Usage(
                possible.outputTokens(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return possible.plus(output).inputTokens().orElse(0L);
    }

    private Told ofStage(TurnFact fact, Place place) {
        Optional<PromptStage> worked = place.stage.flatMap(this::stage);
        if (worked.isEmpty()) {
            return nothing();
        }
        PromptStage of = worked.get();
        PromptFields fields = fields(of);
        return switch (fact) {
            case TurnFact.AttemptStarted _ -> silent(at(of.claimed()));
            case TurnFact.TurnStarted started ->
                once(of, ExecutionEventType.PROMPT_START, place, fields.started(started.model()));
            case TurnFact.TurnContinued continued ->
                once(of, ExecutionEventType.PROMPT_START, place, fields.started(continued.model()));
            case TurnFact.VariablesSubstituted put ->
                once(of, ExecutionEventType.VARIABLE_SUBSTITUTION, place, fields.substituted(put));
            case TurnFact.KnowledgeRetrievalStarted asked ->
                once(of, ExecutionEventType.KNOWLEDGE_RETRIEVAL_START, place, fields.retrieving(asked));
            case TurnFact.KnowledgeRetrieved found ->
                once(of, ExecutionEventType.KNOWLEDGE_RETRIEVED, place, fields.retrieved(found));
            case TurnFact.ToolExecutionStarted started ->
                call(
                        of,
                        ToldCall.begun(started.call()),
                        ExecutionEventType.TOOL_EXECUTION_START,
                        place,
                        fields.calling(started));
            case TurnFact.ToolExecutionCompleted ended ->
                call(
                        of,
                        ToldCall.ended(ended.call()),
                        ExecutionEventType.TOOL_EXECUTION_COMPLETE,
                        place,
                        fields.called(ended));
            case TurnFact.AnswerReused reused ->
                silent(at(of.reusing(reused.answer().reason() == ReusedAnswer.Reason.CACHE)));
            case TurnFact.TurnCompleted completed ->
                once(
                        of,
                        ExecutionEventType.PROMPT_COMPLETE,
                        place,
                        fields.completed(completed.content(), of, place.at));
            case TurnFact.TurnPaused paused ->
                silent(at(of.pausing(waiting(paused), PromptFields.outputTokens(paused.usage()))));
            case TurnFact.TurnFailed failing ->
                silent(at(of.failing(new Trouble(
                        failing.failure().recoverable(), failing.failure().details()))));
            // Nobody was there in time, or nobody got ready in time: another time they may.
            case StageFact.StageAborted _ -> silent(at(of.failing(new Trouble(true, Map.of()))));
            case TurnFact.ContextBuilt _,
                    TurnFact.ContextCompacted _,
                    TurnFact.ModelDelta _,
                    TurnFact.ToolCallsRequested _,
                    TurnFact.TurnCheckpointed _,
                    TurnFact.TurnUsage _,
                    StageFact.AttemptReleased _,
                    StageFact.Heartbeat _,
                    StageFact.Tick _ -> nothing();
        };
    }

    private Told once(PromptStage of, ExecutionEventType type, Place place, Map<String, @Nullable Object> fields) {
        return of.told().contains(type)
                ? nothing()
                : at(of.telling(type, place.at)).telling(type, place, fields);
    }

    private Told call(
            PromptStage of, ToldCall call, ExecutionEventType type, Place place, Map<String, @Nullable Object> fields) {
        return of.hasTold(call) ? nothing() : at(of.telling(call)).telling(type, place, fields);
    }

    /** The arguments of calls that wait. */
    private static Map<ToldCall, Object> waiting(TurnFact.TurnPaused paused) {
        Map<ToldCall, Object> waiting = new HashMap<>();
        for (TurnFact.WaitingCall each : paused.calls()) {
            @Nullable Object shown = each.arguments().isBlank() ? null : ShownText.json(each.arguments());
            if (shown != null) {
                waiting.put(ToldCall.begun(each.call()), shown);
            }
        }
        return waiting;
    }

    /** The prompt's, if it is its stage: of builds that execute calls, and of what nobody asked for, nothing is known. */
    private Optional<PromptStage> stage(StageId of) {
        return stage.filter(it -> it.id().equals(of));
    }

    private PromptFields fields(PromptStage of) {
        return new PromptFields(prompts, prompts.get(of.step() - 1), of.step());
    }

    private Execution at(PromptStage other) {
        return new Execution(id, prompts, Optional.of(other), failed, cancelReason);
    }

    private Optional<Prompt> prompt(int step) {
        return step >= 1 && step <= prompts.size() ? Optional.of(prompts.get(step - 1)) : Optional.empty();
    }

    private Map<String, @Nullable Object> ofExecution() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("executionId", id.value());
        return fields;
    }

    private Told telling(ExecutionEventType type, Place place, Map<String, @Nullable Object> fields) {
        return new Told(this, Optional.of(new ExecutionEvent(type, id, place.event, place.at, fields)));
    }

    private static Told silent(Execution after) {
        return new Told(after, Optional.empty());
    }

    private Told nothing() {
        return silent(this);
    }
}
