package io.tailrace.gateway.environment;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.events.plan.Step;
import io.tailrace.gateway.request.CanonicalDigest;
import io.tailrace.gateway.request.ScriptJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request for an environment asks for.
 *
 * @param stream whether it is answered by the stream of its events
 */
record BuildRequestBody(boolean stream, CreateRun command) {
    private static final String KIND = "environment";
    private static final int MAX_DEFINITION = 64;

    /** Reads the body of a request for a build. */
    static BuildRequestBody ofBuild(
            WorkspaceId workspace, String configuration, EnvironmentSettings settings, Optional<Object> tree)
            throws InvalidInput {
        Fields fields = Fields.of("", tree.orElse(Map.of()), Set.of("stream", "force", "options"));
        return of(workspace, configuration, settings, fields, List.of(), tree);
    }

    /** Reads the body of a request for a run that begins with a build; {@code plan} has the steps after it. */
    static BuildRequestBody ofRun(
            WorkspaceId workspace, String configuration, EnvironmentSettings settings, Optional<Object> tree)
            throws InvalidInput {
        Fields fields = Fields.of("", tree.orElse(Map.of()), Set.of("stream", "force", "options", "plan"));
        List<Step> more = fields.has("plan")
                ? PlanReader.plan("plan", fields.raw("plan"), ScriptJson.TEXT).steps()
                : List.of();
        return of(workspace, configuration, settings, fields, more, tree);
    }

    private static BuildRequestBody of(
            WorkspaceId workspace,
            String configuration,
            EnvironmentSettings settings,
            Fields fields,
            List<Step> more,
            Optional<Object> tree)
            throws InvalidInput {
        List<Step> steps = new ArrayList<>();
        steps.add(BuildStep.ofEnvironment(
                definition(fields).orElse(settings.definition()),
                new EnvironmentStep(
                        configuration, Optional.empty(), fields.flag("force").orElse(false))));
        steps.addAll(more);
        Map<String, @Nullable Object> asked =
                Map.of("workspace", workspace.value(), "configuration", configuration, "body", tree.orElse(Map.of()));
        return new BuildRequestBody(
                fields.flag("stream").orElse(false),
                new CreateRun(
                        workspace,
                        KIND,
                        Optional.of(configuration),
                        new Plan(steps),
                        Limits.DEFAULT,
                        Optional.empty(),
                        CanonicalDigest.of(asked)));
    }

    private static Optional<String> definition(Fields fields) throws InvalidInput {
        if (!fields.has("options")) {
            return Optional.empty();
        }
        Fields options = Fields.of(fields.pathOf("options"), fields.raw("options"), Set.of("definition"));
        Optional<String> definition = options.string("definition", MAX_DEFINITION);
        if (definition.isPresent() && !PlanReader.isDefinitionName(definition.get())) {
            throw new InvalidInput("invalid_value", options.pathOf("definition"), "It is no definition's name");
        }
        return definition;
    }
}
