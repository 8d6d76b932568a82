package io.tailrace.turn.stage;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.stage.TurnFact.Substitution;
import io.tailrace.events.stage.TurnFact.VariablesSubstituted;
import io.tailrace.events.work.StepResult;
import io.tailrace.worker.result.ResultUnavailable;
import io.tailrace.worker.result.StepResults;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The texts that stand in the place of a prompt's references: of a plan's prompt the results of earlier steps by the
 * steps' names, of an assistant's prompt its variables. Immutable.
 */
final class PromptVariables {
    /**
     * UTF-16 units that one record shows of all values together: in UTF-8 at most 600 KB, of the 1 MiB that a broker takes.
     * Assistants have up to 70 variables, which all fit; of more, the last ones are named by length and digest alone.
     */
    private static final int MAX_SHOWN = 200_000;

    private final Map<String, String> texts;
    private final List<Substitution> substitutions;
    private final boolean ofAssistant;

    private PromptVariables(Map<String, String> texts, List<Substitution> substitutions, boolean ofAssistant) {
        this.texts = Map.copyOf(texts);
        this.substitutions = List.copyOf(substitutions);
        this.ofAssistant = ofAssistant;
    }

    /**
     * Reads what the prompt refers to. Blocks while the log is read.
     *
     * @throws Unanswerable when an answer is not there
     */
    static PromptVariables read(RunId run, TurnQuestion.PlanPrompt prompt, StepResults results) throws Unanswerable {
        Map<String, Answer> answers = new HashMap<>();
        for (StepResult result : prompt.results()) {
            try {
                answers.put(result.step(), new Answer(results.text(run, result), result.position()));
            } catch (ResultUnavailable e) {
                throw Unanswerable.without(e);
            }
        }
        Optional<AssistantPrompt> assistant = prompt.step().assistant();
        if (assistant.isPresent()) {
            return ofAssistant(assistant.get().variables(), answers);
        }
        Map<String, String> texts = new HashMap<>();
        answers.forEach((step, answer) -> texts.put(step, answer.text()));
        return new PromptVariables(texts, List.of(), false);
    }

    /** The answer of an earlier step, and where it lies. */
    private record Answer(String text, LogPosition position) {}

    private static PromptVariables ofAssistant(List<Variable> variables, Map<String, Answer> answers)
            throws Unanswerable {
        Map<String, String> texts = new HashMap<>();
        List<Substitution> substitutions = new ArrayList<>();
        int shown = 0;
        for (Variable variable : variables) {
            Optional<LogPosition> position = Optional.empty();
            String text = variable.value().orElse("");
            if (variable.step().isPresent()) {
                Answer answer = answers.get(variable.step().get());
                if (answer == null) {
                    throw Unanswerable.without(variable.step().get());
                }
                text = answer.text();
                position = Optional.of(answer.position());
            }
            texts.put(variable.name(), text);
            boolean shows = text.length() <= Substitution.MAX_VALUE && shown + text.length() <= MAX_SHOWN;
            shown += shows ? text.length() : 0;
            substitutions.add(new Substitution(
                    variable.name(),
                    shows ? Optional.of(text) : Optional.empty(),
                    sha256(text),
                    text.length(),
                    variable.step(),
                    position));
        }
        return new PromptVariables(texts, substitutions, true);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * What stands in the place of this reference.
     *
     * @throws Unanswerable when nothing does
     */
    String text(String name) throws Unanswerable {
        String text = texts.get(name);
        if (text == null) {
            throw ofAssistant ? Unanswerable.withoutVariable(name) : Unanswerable.without(name);
        }
        return text;
    }

    /** What the log is told of an assistant's variables; empty if the prompt has none. */
    Optional<VariablesSubstituted> fact() {
        return substitutions.isEmpty() ? Optional.empty() : Optional.of(new VariablesSubstituted(substitutions));
    }
}
