package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.events.plan.PromptText;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.StepReader;
import io.tailrace.events.plan.Tool;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a tool that is a build, as plans have builds. Confined to one thread. */
final class BuildToolReader {
    /** The fields that only such a tool has. */
    static final Set<String> FIELDS = Set.of("recipe", "definition", "phases", "parameters", "inputs");

    private static final Pattern NAME = Pattern.compile(PromptText.NAME);
    private static final String NAME_RULE =
            "A parameter's name has 1 to 63 characters of a-z, 0-9, '_' and '-', a letter first";
    private static final int MAX_DESCRIPTION = 1000;

    private final Findings findings;

    BuildToolReader(Findings findings) {
        this.findings = findings;
    }

    /** The tool; empty if it has errors. */
    Optional<Tool> read(Fields fields, String name, Optional<String> description, Optional<Duration> approval) {
        Optional<BuildStep> build = findings.attempt(() -> build(fields));
        Optional<List<StepInput>> inputs =
                findings.attempt(() -> StepReader.inputs(fields, "It must be the name of one of the parameters")
                        .orElse(List.of()));
        List<Optional<Tool.Parameter>> parameters =
                findings.members(fields, "parameters", Tool.Build.MAX_PARAMETERS, this::parameter);
        boolean isWhole =
                build.isPresent() && inputs.isPresent() && parameters.stream().allMatch(Optional::isPresent);
        List<Tool.Parameter> all = parameters.stream().flatMap(Optional::stream).toList();
        isWhole &= areUnique(fields, parameters);
        isWhole &= areThere(fields, inputs.orElse(List.of()), all);
        return isWhole
                ? Optional.of(new Tool.Build(
                        name, description, with(build.orElseThrow(), inputs.orElseThrow()), all, approval))
                : Optional.empty();
    }

    /** Without its inputs, which are checked for themselves. */
    private static BuildStep build(Fields fields) throws InvalidInput {
        if (BuildStep.PYTHON_ENV.equals(fields.raw("recipe"))) {
            throw new InvalidInput(
                    "unknown_recipe", fields.pathOf("recipe"), "A tool builds by the recipe " + BuildStep.COMMANDS);
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (String field : List.of("recipe", "definition", "phases")) {
            tree.put(field, fields.raw(field));
        }
        String path = fields.pathOf("recipe");
        return PlanReader.build(path.substring(0, path.length() - ".recipe".length()), tree);
    }

    private static BuildStep with(BuildStep build, List<StepInput> inputs) {
        return new BuildStep(
                build.recipe(),
                build.definition(),
                build.phases(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(inputs));
    }

    private Optional<Tool.Parameter> parameter(String path, @Nullable Object tree) {
        return findings.attempt(() -> {
            Fields fields = Fields.of(path, tree, Set.of("name", "description", "required"));
            return new Tool.Parameter(
                    fields.name("name", NAME, NAME_RULE).orElseThrow(() -> fields.missing("name")),
                    fields.string("description", MAX_DESCRIPTION).filter(it -> !it.isBlank()),
                    fields.flag("required").orElse(true));
        });
    }

    private boolean areUnique(Fields fields, List<Optional<Tool.Parameter>> parameters) {
        Set<String> names = new HashSet<>();
        boolean unique = true;
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).isPresent()
                    && !names.add(parameters.get(i).get().name())) {
                findings.error(
                        fields.pathOf("parameters") + "[" + i + "].name",
                        "duplicate_name",
                        "Another parameter has this name");
                unique = false;
            }
        }
        return unique;
    }

    /** Whether all inputs are from parameters; a parameter that none is from is odd. */
    private boolean areThere(Fields fields, List<StepInput> inputs, List<Tool.Parameter> parameters) {
        boolean there = true;
        for (int i = 0; i < inputs.size(); i++) {
            String from = inputs.get(i).from();
            if (parameters.stream().noneMatch(it -> it.name().equals(from))) {
                findings.error(
                        fields.pathOf("inputs") + "[" + i + "].from",
                        "unknown_parameter",
                        "The tool has no parameter " + from);
                there = false;
            }
        }
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            if (inputs.stream().noneMatch(it -> it.from().equals(name))) {
                findings.warning(
                        fields.pathOf("parameters"), "unused_parameter", "No input is from the parameter " + name);
            }
        }
        return there;
    }
}
