package io.tailrace.gateway.api;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.ChatReader;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.gateway.assistant.AssistantCall;
import io.tailrace.gateway.assistant.AssistantRuns;
import io.tailrace.gateway.request.CanonicalDigest;
import io.tailrace.gateway.request.ScriptJson;
import io.tailrace.gateway.request.WorkspacePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a new run. Pure.
 *
 * @param command without a plan, if an assistant is called
 * @param call present if the plan is an assistant's
 */
record CreateRunBody(CreateRun command, Optional<AssistantCall> call) {
    private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String WORKSPACE_RULE =
            "A workspace has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first";
    private static final Plan NONE_YET = new Plan(List.of());
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String DEFAULT_KIND = "build";
    private static final String CHAT = "chat";
    private static final String ASSISTANT = "assistant";
    private static final String INPUTS = "inputs";
    private static final int MAX_TITLE = 200;

    static CreateRunBody read(@Nullable Object tree) throws InvalidInput {
        Fields fields =
                Fields.of("", tree, Set.of("workspace", "kind", "title", "plan", CHAT, ASSISTANT, INPUTS, "limits"));
        String workspace =
                fields.name("workspace", WORKSPACE, WORKSPACE_RULE).orElseThrow(() -> fields.missing("workspace"));
        String kind = fields.name("kind", KIND, "A kind has 1 to 32 characters of a-z, 0-9 and '-', a letter first")
                .orElse(DEFAULT_KIND);
        Optional<AssistantCall> call = kind.equals(AssistantRuns.KIND) ? Optional.of(call(fields)) : Optional.empty();
        CreateRun command = command(
                new WorkspaceId(workspace), kind, fields, call.isPresent() ? NONE_YET : planOf(kind, fields), tree);
        return new CreateRunBody(command, call);
    }

    /** The body of a request that runs an assistant, and can do nothing else; the workspace is {@code local} if it has none. */
    static CreateRunBody ofAssistant(@Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("workspace", "title", ASSISTANT, INPUTS, "limits"));
        WorkspaceId workspace = new WorkspaceId(
                fields.name("workspace", WORKSPACE, WORKSPACE_RULE).orElse(WorkspacePath.DEFAULT));
        AssistantCall call = AssistantCall.of(fields);
        return new CreateRunBody(command(workspace, AssistantRuns.KIND, fields, NONE_YET, tree), Optional.of(call));
    }

    private static CreateRun command(
            WorkspaceId workspace, String kind, Fields fields, Plan plan, @Nullable Object tree) throws InvalidInput {
        return new CreateRun(
                workspace,
                kind,
                fields.text("title", MAX_TITLE),
                plan,
                PlanReader.limits("limits", fields.raw("limits")),
                Optional.empty(),
                CanonicalDigest.of(tree));
    }

    private static AssistantCall call(Fields fields) throws InvalidInput {
        for (String other : List.of("plan", CHAT)) {
            if (fields.has(other)) {
                throw conflict(fields.pathOf(other), "The plan of a run of the kind assistant is its prompts");
            }
        }
        return AssistantCall.of(fields);
    }

    private static Plan planOf(String kind, Fields fields) throws InvalidInput {
        for (String other : List.of(ASSISTANT, INPUTS)) {
            if (fields.has(other)) {
                throw conflict(fields.pathOf(other), "Only runs of the kind assistant have this field");
            }
        }
        return kind.equals(CHAT) ? openPlan(fields) : plan(fields);
    }

    private static Plan plan(Fields fields) throws InvalidInput {
        if (fields.has(CHAT)) {
            throw conflict(fields.pathOf(CHAT), "Only runs of the kind chat have this field");
        }
        if (!fields.has("plan")) {
            throw fields.missing("plan");
        }
        return PlanReader.plan("plan", fields.raw("plan"), ScriptJson.TEXT);
    }

    private static Plan openPlan(Fields fields) throws InvalidInput {
        if (!fields.has(CHAT)) {
            throw fields.missing(CHAT);
        }
        if (fields.has("plan")) {
            throw conflict(fields.pathOf("plan"), "A chat has no plan: its turns come as they are submitted");
        }
        if (fields.raw("limits") instanceof Map<?, ?> limits && limits.get("wall_clock_ms") != null) {
            throw conflict("limits.wall_clock_ms", "A chat lasts until it is closed, or idle for chat.idle_timeout_ms");
        }
        return Plan.of(ChatReader.chat(CHAT, fields.raw(CHAT)));
    }

    private static InvalidInput conflict(String field, String reason) {
        return new InvalidInput("conflicting_fields", field, reason);
    }
}
