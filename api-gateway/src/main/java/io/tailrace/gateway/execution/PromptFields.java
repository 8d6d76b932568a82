package io.tailrace.gateway.execution;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of events about one prompt, as the contract has them. Pure. Workers write what they are made of: numbers that
 * cannot be are zero.
 *
 * @param all the prompts of the execution, in order
 * @param position of the prompt among them, from 1
 */
record PromptFields(List<Prompt> all, Prompt prompt, int position) {
    Map<String, @Nullable Object> started(String model) {
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("promptName", prompt.name());
        fields.put("position", position);
        fields.put("totalPrompts", all.size());
        fields.put("modelId", model);
        fields.put("hasKnowledge", prompt.hasKnowledge());
        fields.put("hasTools", prompt.hasTools());
        return fields;
    }

    Map<String, @Nullable Object> substituted(TurnFact.VariablesSubstituted put) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        Set<Integer> sources = new LinkedHashSet<>();
        for (TurnFact.Substitution each : put.variables()) {
            variables.put(each.name(), each.value().<Object>map(it -> it).orElseGet(() -> named(each)));
            each.answerOf()
                    .ifPresent(step ->
                            all.stream().filter(it -> it.name().equals(step)).forEach(it -> sources.add(it.id())));
        }
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("variables", variables);
        fields.put("sourcePrompts", List.copyOf(sources));
        return fields;
    }

    /** A value that is too long to be shown. */
    private static Map<String, @Nullable Object> named(TurnFact.Substitution value) {
        Map<String, @Nullable Object> name = new LinkedHashMap<>();
        name.put("sha256", value.sha256());
        name.put("length", value.length());
        value.position().ifPresent(it -> name.put("position", place(it)));
        return name;
    }

    private static Map<String, @Nullable Object> place(LogPosition position) {
        Map<String, @Nullable Object> place = new LinkedHashMap<>();
        place.put("topic", position.topic().topicName());
        place.put("partition", position.partition());
        place.put("offset", position.offset());
        return place;
    }

    Map<String, @Nullable Object> retrieving(TurnFact.KnowledgeRetrievalStarted asked) {
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put(
                "repositories",
                asked.repositories().stream().map(TurnFact.AskedRepository::id).toList());
        fields.put("searchType", asked.searchType().name().toLowerCase(Locale.ROOT));
        return fields;
    }

    Map<String, @Nullable Object> retrieved(TurnFact.KnowledgeRetrieved found) {
        Map<String, @Nullable Object> fields = ofPrompt();
        double score = found.relevanceScore();
        fields.put("documentsFound", Math.max(0, found.documents()));
        fields.put("relevanceScore", Double.isNaN(score) ? 0.0 : Math.clamp(score, 0.0, 1.0));
        fields.put("tokens", Math.max(0, found.tokens()));
        return fields;
    }

    Map<String, @Nullable Object> calling(TurnFact.ToolExecutionStarted started) {
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("toolName", ShownText.of(started.call().tool()));
        if (!started.arguments().isBlank()) {
            fields.put("parameters", ShownText.json(started.arguments()));
        }
        return fields;
    }

    /**
     * A call that a build executes.
     *
     * @param parameters as they are shown; null if they are not known, or there are none
     */
    Map<String, @Nullable Object> building(String tool, @Nullable Object parameters) {
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("toolName", ShownText.of(tool));
        if (parameters != null) {
            fields.put("parameters", parameters);
        }
        return fields;
    }

    /** Somebody is asked whether a tool may be called: the prompt is no further than before. */
    Map<String, @Nullable Object> asking(String tool) {
        return progress(position - 1, "Waiting for approval of " + ShownText.of(tool) + ".");
    }

    Map<String, @Nullable Object> answered() {
        return progress(position, "Prompt " + position + " of " + all.size() + " is answered: " + prompt.name() + ".");
    }

    private Map<String, @Nullable Object> progress(int done, String message) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("currentStep", done);
        fields.put("totalSteps", all.size());
        fields.put("percentage", 100 * done / all.size());
        fields.put("message", message);
        return fields;
    }

    Map<String, @Nullable Object> called(TurnFact.ToolExecutionCompleted completed) {
        boolean success = completed.outcome() == TurnFact.ToolOutcome.SUCCEEDED;
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("toolName", ShownText.of(completed.call().tool()));
        fields.put("success", success);
        String said = ShownText.of(completed.result());
        if (success) {
            fields.put("result", said);
        } else {
            String code =
                    completed.code().orElseGet(() -> completed.outcome().name().toLowerCase(Locale.ROOT));
            fields.put("error", ShownText.of(code) + (said.isBlank() ? "" : ": " + said));
        }
        return fields;
    }

    /** What a model has written of it, as its provider counts. */
    static long outputTokens(Usage usage) {
        return usage.possible().outputTokens().orElse(0L);
    }

    /** @param of what there is of stages before the one that answered */
    Map<String, @Nullable Object> completed(TurnFact.TurnContent content, PromptStage of, Instant at) {
        Map<String, @Nullable Object> fields = ofPrompt();
        fields.put("outputTokens", sum(of.pauses().outputTokens(), outputTokens(content.usage())));
        fields.put(
                "duration", positive(of.elapsed(at).orElse(content.duration())).toMillis());
        fields.put("cached", of.cached());
        return fields;
    }

    /** Workers write what is summed up. */
    static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private Map<String, @Nullable Object> ofPrompt() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("promptId", prompt.id());
        return fields;
    }
}
