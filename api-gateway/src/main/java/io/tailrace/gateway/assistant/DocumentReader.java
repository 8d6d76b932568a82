package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.ChatReader;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.PromptText;
import io.tailrace.events.plan.StepReader;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.gateway.assistant.AssistantDocument.Input;
import io.tailrace.gateway.assistant.Draft.DraftInput;
import io.tailrace.gateway.assistant.Draft.DraftOutput;
import io.tailrace.gateway.assistant.Draft.DraftPrompt;
import io.tailrace.gateway.request.ScriptJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an untrusted definition, field by field, and finds what breaks a rule of form. Confined to one thread. */
final class DocumentReader {
    private static final Pattern VARIABLE = Pattern.compile(PromptText.VARIABLE);
    private static final String VARIABLE_RULE = "It has 1 to 63 letters, digits, '_' and '-', a letter first";
    private static final int MAX_TITLE = 200;
    private static final int MAX_DESCRIPTION = 2000;
    private static final int MAX_INPUTS = 50;
    private static final int MAX_PROMPTS = 20;
    private static final int MAX_OPTIONS = 100;
    private static final int MAX_OPTION = 500;

    private final Findings findings;

    private DocumentReader(Findings findings) {
        this.findings = findings;
    }

    /** @throws InvalidInput if it is no object, or has fields that no definition has */
    static Draft read(@Nullable Object tree, Findings findings) throws InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("title", "inputs", "prompts", "outputs"));
        return new DocumentReader(findings).draft(fields);
    }

    private Draft draft(Fields fields) {
        Optional<String> title = findings.maybe(() -> fields.text("title", MAX_TITLE));
        List<DraftInput> inputs = findings.members(fields, "inputs", MAX_INPUTS, this::input);
        if (!fields.has("prompts")) {
            findings.error("prompts", "missing_field", "It is required");
        }
        List<DraftPrompt> prompts = findings.members(fields, "prompts", MAX_PROMPTS, this::prompt);
        List<DraftOutput> outputs = findings.members(fields, "outputs", MAX_PROMPTS, this::output);
        for (String name : List.of("prompts", "outputs")) {
            if (fields.raw(name) instanceof List<?> list && list.isEmpty()) {
                findings.error(name, "empty_list", "At least one is needed");
            }
        }
        return new Draft(title, inputs, prompts, outputs);
    }

    /** The name in what may not be readable otherwise, so that references to it are not called mistakes. */
    private static Optional<String> roughly(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map && map.get("name") instanceof String name
                ? Optional.of(name)
                : Optional.empty();
    }

    private DraftInput input(String path, @Nullable Object tree) {
        Optional<Fields> whole = findings.attempt(
                () -> Fields.of(path, tree, Set.of("name", "type", "required", "default", "options", "description")));
        if (whole.isEmpty()) {
            return new DraftInput(path, roughly(tree), Optional.empty());
        }
        Fields fields = whole.get();
        Optional<String> name = findings.attempt(
                () -> fields.name("name", VARIABLE, VARIABLE_RULE).orElseThrow(() -> fields.missing("name")));
        Optional<InputType> type = findings.attempt(() -> type(fields));
        Optional<Boolean> required = findings.maybe(() -> fields.flag("required"));
        var _ = findings.maybe(() -> fields.string("description", MAX_DESCRIPTION));
        if (type.isEmpty()) {
            return new DraftInput(path, name, Optional.empty());
        }
        List<String> options =
                findings.attempt(() -> options(fields, type.get())).orElse(List.of());
        Input input = new Input(name.orElse(""), type.get(), required.orElse(true), options, Optional.empty());
        Object value = fields.raw("default");
        if (value == null) {
            return new DraftInput(path, name, Optional.of(input));
        }
        Optional<String> text = findings.attempt(() -> input.text(fields.pathOf("default"), value));
        return new DraftInput(path, name, text.map(input::withDefault));
    }

    private static InputType type(Fields fields) throws InvalidInput {
        return InputType.of(fields.string("type", 64).orElse("text"))
                .orElseThrow(() -> new InvalidInput(
                        "invalid_value", fields.pathOf("type"), "Known types: text, integer, number, boolean, choice"));
    }

    private static List<String> options(Fields fields, InputType type) throws InvalidInput {
        String path = fields.pathOf("options");
        if (type != InputType.CHOICE) {
            if (fields.has("options")) {
                throw new InvalidInput("conflicting_fields", path, "Only an input of the type choice has this field");
            }
            return List.of();
        }
        List<?> members = fields.list("options", MAX_OPTIONS).orElseThrow(() -> fields.missing("options"));
        List<String> options = new ArrayList<>();
        for (Object member : members) {
            String at = path + "[" + options.size() + "]";
            if (!(member instanceof String option) || option.isEmpty() || option.length() > MAX_OPTION) {
                throw new InvalidInput(
                        "invalid_value", at, "An option is a text of 1 to " + MAX_OPTION + " characters");
            }
            if (options.contains(option)) {
                throw new InvalidInput("duplicate_name", at, "Another option is the same");
            }
            options.add(option);
        }
        if (options.isEmpty()) {
            throw new InvalidInput("empty_list", path, "At least one is needed");
        }
        return options;
    }

    private DraftPrompt prompt(String path, @Nullable Object tree) {
        Optional<Fields> whole = findings.attempt(() -> Fields.of(
                path,
                tree,
                Set.of(
                        "id",
                        "name",
                        "text",
                        "provider",
                        "model",
                        "system",
                        "generation",
                        "limits",
                        "script",
                        "knowledge",
                        "tools",
                        "tool_limits",
                        "cache")));
        if (whole.isEmpty()) {
            return new DraftPrompt(
                    path,
                    Optional.empty(),
                    roughly(tree),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Generation.DEFAULT,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        Fields fields = whole.get();
        return new DraftPrompt(
                path,
                findings.attempt(() -> id(fields)),
                findings.attempt(() -> StepReader.name(fields).orElseThrow(() -> fields.missing("name"))),
                findings.attempt(() -> StepReader.text(fields)),
                findings.maybe(() -> StepReader.system(fields)),
                findings.attempt(() -> ChatReader.model(fields).orElseThrow(() -> fields.missing("provider"))),
                findings.maybe(() -> ChatReader.generation(fields.pathOf("generation"), fields.raw("generation")))
                        .orElse(Generation.DEFAULT),
                findings.maybe(() -> StepReader.script(fields, ScriptJson.TEXT)),
                findings.maybe(() -> StepReader.limits(fields.pathOf("limits"), fields.raw("limits"))),
                new KnowledgeReader(findings).ofPrompt(fields),
                new ToolReader(findings).ofPrompt(fields),
                cache(fields));
    }

    /** A number that the author chose. */
    static int id(Fields fields) throws InvalidInput {
        return Math.toIntExact(fields.number("id", 0, Integer.MAX_VALUE).orElseThrow(() -> fields.missing("id")));
    }

    /** How long ago an answer may have been given that is taken again. */
    private Optional<Duration> cache(Fields prompt) {
        if (!prompt.has("cache")) {
            return Optional.empty();
        }
        return findings.attempt(() -> {
            Fields cache = Fields.of(prompt.pathOf("cache"), prompt.raw("cache"), Set.of("ttl_ms"));
            return Duration.ofMillis(
                    cache.number("ttl_ms", 1, KeptAnswer.KEPT.toMillis()).orElseThrow(() -> cache.missing("ttl_ms")));
        });
    }

    private DraftOutput output(String path, @Nullable Object tree) {
        Optional<Fields> whole = findings.attempt(() -> Fields.of(path, tree, Set.of("name", "prompt")));
        if (whole.isEmpty()) {
            return new DraftOutput(path, Optional.empty(), Optional.empty());
        }
        Fields fields = whole.get();
        return new DraftOutput(
                path,
                findings.attempt(
                        () -> fields.name("name", VARIABLE, VARIABLE_RULE).orElseThrow(() -> fields.missing("name"))),
                findings.attempt(() -> fields.string("prompt", 200).orElseThrow(() -> fields.missing("prompt"))));
    }
}
