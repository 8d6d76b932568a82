package io.tailrace.events.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads untrusted plans, phases and limits from a tree of maps and lists (parsed JSON or YAML). Pure; whatever it
 * returns keeps the documented bounds. What only the operator's folder can tell (does the definition exist?) is not
 * checked here.
 */
public final class PlanReader {
    public static final int MAX_STEPS = 20;
    public static final int MAX_PHASES = 50;
    public static final int MAX_ARGUMENTS = 256;
    public static final int MAX_ARGUMENT_LENGTH = 16 * 1024;
    public static final int MAX_VARIABLES = 100;
    public static final int MAX_INPUTS = 20;
    public static final int MAX_ATTEMPTS = 20;
    public static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofMinutes(30);
    public static final Duration MAX_PHASE_TIMEOUT = Duration.ofDays(1);

    private static final Pattern DEFINITION = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern CONFIGURATION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern PHASE_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** What a configuration's id has to be like, for people. */
    public static final String CONFIGURATION_RULE =
            "A configuration's id has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first";

    static final String VARIABLE_RULE = "A variable's name has letters, digits and '_', no digit first";

    private PlanReader() {}

    /** Whether the text could name a definition; such a text is safe as a file name. */
    public static boolean isDefinitionName(String text) {
        return DEFINITION.matcher(text).matches() && !text.contains("..");
    }

    /**
     * Reads the list of steps at {@code path}.
     *
     * @param scripts writes the scripts of prompts as JSON
     */
    public static Plan plan(String path, @Nullable Object tree, ScriptText scripts) throws InvalidInput {
        List<?> members = nonEmptyList(path, tree, MAX_STEPS, "empty_plan", "A plan needs at least one step");
        StepReader reader = new StepReader(scripts);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            steps.add(reader.step(path + "[" + i + "]", members.get(i)));
        }
        StepReader.checkReferences(path, steps);
        return new Plan(steps);
    }

    /** Reads one build at {@code path}. */
    public static BuildStep build(String path, @Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of(
                path,
                tree,
                Set.of("step", "name", "recipe", "definition", "phases", "configuration", "force", "inputs"));
        String recipe = fields.string("recipe", 64).orElseThrow(() -> fields.missing("recipe"));
        if (!recipe.equals(BuildStep.COMMANDS) && !recipe.equals(BuildStep.PYTHON_ENV)) {
            throw new InvalidInput(
                    "unknown_recipe",
                    fields.pathOf("recipe"),
                    "Known recipes: " + BuildStep.COMMANDS + ", " + BuildStep.PYTHON_ENV);
        }
        Optional<String> definition = fields.string("definition", 64);
        if (definition.isPresent() && !isDefinitionName(definition.get())) {
            throw new InvalidInput(
                    "invalid_value",
                    fields.pathOf("definition"),
                    "A definition's name has 1 to 64 characters of a-z, 0-9, '.', '_' and '-', and no '..'");
        }
        if (recipe.equals(BuildStep.PYTHON_ENV)) {
            return environment(fields, definition);
        }
        for (String other : List.of("configuration", "force")) {
            if (fields.has(other)) {
                throw new InvalidInput(
                        "conflicting_fields", fields.pathOf(other), "Only the recipe python-env has this field");
            }
        }
        if (definition.isPresent() == fields.has("phases")) {
            throw new InvalidInput(
                    definition.isPresent() ? "conflicting_fields" : "missing_field",
                    fields.pathOf(definition.isPresent() ? "phases" : "definition"),
                    "Give either a definition or phases");
        }
        List<Phase> phases = definition.isPresent() ? List.of() : phases(fields.pathOf("phases"), fields.raw("phases"));
        return new BuildStep(
                recipe,
                definition,
                phases,
                Optional.empty(),
                StepReader.name(fields),
                StepReader.inputs(fields, StepReader.EARLIER_STEP));
    }

    private static BuildStep environment(Fields fields, Optional<String> definition) throws InvalidInput {
        if (fields.has("phases")) {
            throw new InvalidInput(
                    "conflicting_fields", fields.pathOf("phases"), "The phases of the recipe python-env are its own");
        }
        String configuration = fields.name("configuration", CONFIGURATION, CONFIGURATION_RULE)
                .orElseThrow(() -> fields.missing("configuration"));
        if (fields.has("inputs")) {
            throw new InvalidInput(
                    "conflicting_fields", fields.pathOf("inputs"), "Only the recipe commands has this field");
        }
        return new BuildStep(
                BuildStep.PYTHON_ENV,
                Optional.of(definition.orElseThrow(() -> fields.missing("definition"))),
                List.of(),
                Optional.of(new EnvironmentStep(
                        configuration, Optional.empty(), fields.flag("force").orElse(false))),
                StepReader.name(fields),
                Optional.empty());
    }

    /** Whether the text could be a configuration's id. */
    public static boolean isConfigurationId(String text) {
        return CONFIGURATION.matcher(text).matches();
    }

    /** Reads the list of phases at {@code path}. */
    public static List<Phase> phases(String path, @Nullable Object tree) throws InvalidInput {
        List<?> members = nonEmptyList(path, tree, MAX_PHASES, "empty_plan", "At least one phase is needed");
        List<Phase> phases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            Phase phase = phase(path + "[" + i + "]", members.get(i));
            if (!names.add(phase.name())) {
                throw new InvalidInput("duplicate_name", path + "[" + i + "].name", "Another phase has this name");
            }
            phases.add(phase);
        }
        return phases;
    }

    private static Phase phase(String path, @Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of(
                path, tree, Set.of("name", "title", "argv", "timeout_ms", "environment", "continue_on_failure"));
        String name = fields.name("name", PHASE_NAME, "A phase's name has 1 to 64 characters of a-z, 0-9, '_' and '-'")
                .orElseThrow(() -> fields.missing("name"));
        long timeout =
                fields.number("timeout_ms", 1, MAX_PHASE_TIMEOUT.toMillis()).orElse(DEFAULT_PHASE_TIMEOUT.toMillis());
        return new Phase(
                name,
                fields.text("title", 200).orElse(name),
                argv(fields),
                Duration.ofMillis(timeout),
                environment(fields),
                fields.flag("continue_on_failure").orElse(false));
    }

    private static List<String> argv(Fields fields) throws InvalidInput {
        List<?> members = fields.list("argv", MAX_ARGUMENTS).orElseThrow(() -> fields.missing("argv"));
        List<String> argv = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            argv.add(Fields.string(fields.pathOf("argv") + "[" + i + "]", members.get(i), MAX_ARGUMENT_LENGTH));
        }
        if (argv.isEmpty() || argv.getFirst().isBlank()) {
            throw new InvalidInput("invalid_value", fields.pathOf("argv"), "The program to run is missing");
        }
        return argv;
    }

    private static Map<String, String> environment(Fields fields) throws InvalidInput {
        if (!fields.has("environment")) {
            return Map.of();
        }
        String path = fields.pathOf("environment");
        if (!(fields.raw("environment") instanceof Map<?, ?> map)) {
            throw Fields.wrongType(path, "an object", fields.raw("environment"));
        }
        if (map.size() > MAX_VARIABLES) {
            throw new InvalidInput("too_many", path, "At most " + MAX_VARIABLES + " variables are allowed");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!VARIABLE.matcher(name).matches()) {
                throw new InvalidInput("invalid_value", path, VARIABLE_RULE);
            }
            environment.put(name, Fields.string(path + "." + name, entry.getValue(), MAX_ARGUMENT_LENGTH));
        }
        return environment;
    }

    /** Reads limits at {@code path}; what is absent keeps its default. */
    public static Limits limits(String path, @Nullable Object tree) throws InvalidInput {
        if (tree == null) {
            return Limits.DEFAULT;
        }
        Fields fields = Fields.of(
                path, tree, Set.of("wall_clock_ms", "stage_deadline_ms", "queue_deadline_ms", "max_attempts"));
        return new Limits(
                duration(fields, "wall_clock_ms", Limits.MAX_WALL_CLOCK, Limits.DEFAULT.wallClock()),
                duration(fields, "stage_deadline_ms", Limits.MAX_WALL_CLOCK, Limits.DEFAULT.stageDeadline()),
                duration(fields, "queue_deadline_ms", Limits.MAX_QUEUE_DEADLINE, Limits.DEFAULT.queueDeadline()),
                fields.number("max_attempts", 1, MAX_ATTEMPTS)
                        .map(Math::toIntExact)
                        .orElse(Limits.DEFAULT.maxAttempts()));
    }

    private static Duration duration(Fields fields, String name, Duration max, Duration otherwise) throws InvalidInput {
        return fields.number(name, 1, max.toMillis()).map(Duration::ofMillis).orElse(otherwise);
    }

    private static List<?> nonEmptyList(
            String path, @Nullable Object tree, int max, String emptyCode, String emptyMessage) throws InvalidInput {
        if (!(tree instanceof List<?> members)) {
            throw Fields.wrongType(path, "a list", tree);
        }
        if (members.isEmpty()) {
            throw new InvalidInput(emptyCode, path, emptyMessage);
        }
        if (members.size() > max) {
            throw new InvalidInput("too_many", path, "At most " + max + " are allowed, not " + members.size());
        }
        return members;
    }
}
