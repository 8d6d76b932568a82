package io.tailrace.events.plan;

import io.tailrace.events.definition.EntryName;
import io.tailrace.events.definition.UnsafeEntryName;
import io.tailrace.events.plan.StepInput.FileInput;
import io.tailrace.events.plan.StepInput.VariableInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one untrusted step of a plan, or single fields of a prompt, and checks what a plan's steps refer to. Pure. */
public final class StepReader {
    private static final Pattern NAME = Pattern.compile(PromptText.NAME);
    static final String EARLIER_STEP = "It must be the name of an earlier step";
    private static final int MAX_NAME = 63;
    private static final int MAX_FILE_LENGTH = 512;

    private final ScriptText scripts;

    StepReader(ScriptText scripts) {
        this.scripts = scripts;
    }

    /** The field {@code name} of a step. */
    public static Optional<String> name(Fields fields) throws InvalidInput {
        return fields.name(
                "name",
                NAME,
                "A step's name has 1 to " + MAX_NAME + " characters of a-z, 0-9, '_' and '-', a letter first");
    }

    /** A step, of an object whose field {@code step} says which kind it is. */
    Step step(String path, @Nullable Object tree) throws InvalidInput {
        if (!(tree instanceof Map<?, ?> members)) {
            throw Fields.wrongType(path, "an object", tree);
        }
        String at = path + ".step";
        if (members.get("step") == null) {
            throw new InvalidInput("missing_field", at, "It is required");
        }
        return switch (Fields.string(at, members.get("step"), 64)) {
            case "build" -> PlanReader.build(path, tree);
            case "prompt" -> prompt(path, tree);
            default -> throw new InvalidInput("unknown_step", at, "Known steps: build, prompt");
        };
    }

    /** A prompt, of an object whose field {@code step} says that it is one. */
    private PromptStep prompt(String path, @Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of(
                path,
                tree,
                Set.of("step", "name", "text", "provider", "model", "system", "generation", "script", "limits"));
        return new PromptStep(
                name(fields),
                text(fields),
                ChatReader.model(fields).orElseThrow(() -> fields.missing("provider")),
                system(fields),
                ChatReader.generation(fields.pathOf("generation"), fields.raw("generation"))
                        .orElse(Generation.DEFAULT),
                script(fields, scripts),
                limits(fields.pathOf("limits"), fields.raw("limits")));
    }

    /** The field {@code text} of a prompt, which has to be there. */
    public static String text(Fields fields) throws InvalidInput {
        String text = fields.string("text", TurnReader.MAX_TEXT_LENGTH).orElseThrow(() -> fields.missing("text"));
        if (text.isBlank()) {
            throw new InvalidInput("invalid_value", fields.pathOf("text"), "It must not be blank");
        }
        return text;
    }

    /** The field {@code system} of a prompt; an empty text is none. */
    public static Optional<String> system(Fields fields) throws InvalidInput {
        return fields.string("system", ChatReader.MAX_SYSTEM_LENGTH).filter(it -> !it.isEmpty());
    }

    /** A prompt's script for the scripted provider, as JSON. */
    public static Optional<String> script(Fields fields, ScriptText scripts) throws InvalidInput {
        return TurnReader.bounded(
                fields.pathOf("script"),
                Optional.ofNullable(fields.raw("script")).map(scripts::of));
    }

    /** Reads the limits of a step at {@code path}, if they are there. */
    public static Optional<StepLimits> limits(String path, @Nullable Object tree) throws InvalidInput {
        if (tree == null) {
            return Optional.empty();
        }
        Fields fields = Fields.of(path, tree, Set.of("stage_deadline_ms", "queue_deadline_ms", "max_attempts"));
        return Optional.of(new StepLimits(
                fields.number("stage_deadline_ms", 1, Limits.MAX_WALL_CLOCK.toMillis())
                        .map(Duration::ofMillis),
                fields.number("queue_deadline_ms", 1, Limits.MAX_QUEUE_DEADLINE.toMillis())
                        .map(Duration::ofMillis),
                fields.number("max_attempts", 1, PlanReader.MAX_ATTEMPTS).map(Math::toIntExact)));
    }

    /**
     * The field {@code inputs} of a build.
     *
     * @param fromRule what the field {@code from} of an input has to be
     */
    public static Optional<List<StepInput>> inputs(Fields fields, String fromRule) throws InvalidInput {
        Optional<List<?>> members = fields.list("inputs", PlanReader.MAX_INPUTS);
        if (members.isEmpty()) {
            return Optional.empty();
        }
        String path = fields.pathOf("inputs");
        List<StepInput> inputs = new ArrayList<>();
        Set<String> targets = new HashSet<>();
        for (Object member : members.get()) {
            String at = path + "[" + inputs.size() + "]";
            StepInput input = input(at, member, fromRule);
            String target = switch (input) {
                case FileInput(String _, String file) -> "file:" + file.toLowerCase(Locale.ROOT);
                case VariableInput(String _, String variable) -> "variable:" + variable;
            };
            if (!targets.add(target)) {
                throw new InvalidInput("duplicate_name", at, "Another input has this file or variable");
            }
            inputs.add(input);
        }
        refuseNested(path, inputs);
        return Optional.of(inputs);
    }

    private static StepInput input(String path, @Nullable Object tree, String fromRule) throws InvalidInput {
        Fields fields = Fields.of(path, tree, Set.of("from", "file", "variable"));
        String from = fields.name("from", NAME, fromRule).orElseThrow(() -> fields.missing("from"));
        if (fields.has("file") == fields.has("variable")) {
            throw new InvalidInput(
                    fields.has("file") ? "conflicting_fields" : "missing_field",
                    fields.pathOf("file"),
                    "Give either a file or a variable");
        }
        return fields.has("file") ? new FileInput(from, file(fields)) : new VariableInput(from, variable(fields));
    }

    private static String file(Fields fields) throws InvalidInput {
        String given = fields.string("file", MAX_FILE_LENGTH).orElseThrow();
        try {
            EntryName name = EntryName.parse(given);
            if (name.isRoot() || given.endsWith("/") || given.endsWith("/.")) {
                throw new InvalidInput("invalid_value", fields.pathOf("file"), "It names a folder");
            }
            return name.toString();
        } catch (UnsafeEntryName e) {
            throw new InvalidInput("invalid_value", fields.pathOf("file"), "It " + e.getMessage());
        }
    }

    private static String variable(Fields fields) throws InvalidInput {
        String name = fields.name("variable", PlanReader.VARIABLE, PlanReader.VARIABLE_RULE)
                .orElseThrow();
        if (!VariableInput.isUsable(name)) {
            throw new InvalidInput(
                    "invalid_value",
                    fields.pathOf("variable"),
                    "A result must not become a variable that the worker sets, or by which programs or libraries are chosen");
        }
        return name;
    }

    /** One input's file cannot be a folder of another's. */
    private static void refuseNested(String path, List<StepInput> inputs) throws InvalidInput {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) instanceof FileInput(String _, String file)) {
                String folder = file.toLowerCase(Locale.ROOT) + "/";
                for (StepInput other : inputs) {
                    if (other instanceof FileInput(String _, String longer)
                            && longer.toLowerCase(Locale.ROOT).startsWith(folder)) {
                        throw new InvalidInput(
                                "duplicate_name",
                                path + "[" + i + "].file",
                                "Another input lies below it, as if it were a folder");
                    }
                }
            }
        }
    }

    /**
     * Makes sure that names are unique, and that steps use results of earlier steps that have one.
     *
     * @param path where the list of steps is
     */
    static void checkReferences(String path, List<Step> steps) throws InvalidInput {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            Optional<String> name = steps.get(i).name();
            if (name.isPresent() && !all.add(name.get())) {
                throw new InvalidInput("duplicate_name", path + "[" + i + "].name", "Another step has this name");
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            String at = path + "[" + i + "]";
            References references = new References(steps, i);
            switch (steps.get(i)) {
                case BuildStep build -> {
                    for (int j = 0; j < build.inputList().size(); j++) {
                        references.check(
                                at + ".inputs[" + j + "].from",
                                build.inputList().get(j).from());
                    }
                }
                case PromptStep prompt -> {
                    references.checkText(at + ".text", prompt.text());
                    if (prompt.system().isPresent()) {
                        references.checkText(at + ".system", prompt.system().get());
                    }
                }
            }
        }
    }

    /** What the step with this index, from 0, may refer to. */
    private record References(List<Step> steps, int index) {
        void checkText(String path, String text) throws InvalidInput {
            PromptText parsed = PromptText.parse(text);
            if (parsed.malformed().isPresent()) {
                throw InvalidInput.unresolved(
                        "invalid_reference",
                        path,
                        "A reference is written {{steps.NAME.text}}, not "
                                + parsed.malformed().get());
            }
            for (String name : parsed.references()) {
                check(path, name);
            }
        }

        void check(String path, String name) throws InvalidInput {
            int found = -1;
            for (int i = 0; i < steps.size(); i++) {
                if (steps.get(i).name().equals(Optional.of(name))) {
                    found = i;
                }
            }
            if (found < 0) {
                throw InvalidInput.unresolved("unknown_reference", path, "No step has the name " + name);
            }
            if (found >= index) {
                throw InvalidInput.unresolved(
                        "invalid_reference",
                        path,
                        found == index
                                ? "A step cannot use its own result"
                                : "The step " + name + " comes later: only results of earlier steps can be used");
            }
            if (!steps.get(found).hasResult()) {
                throw InvalidInput.unresolved(
                        "invalid_reference",
                        path,
                        "The step " + name + " is a " + steps.get(found).tag()
                                + ", which has no text: only prompts have one");
            }
        }
    }
}
