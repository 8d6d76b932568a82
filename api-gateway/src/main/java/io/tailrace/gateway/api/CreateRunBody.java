package io.tailrace.gateway.api;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.ChatReader;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.gateway.request.CanonicalDigest;
import io.tailrace.gateway.request.ScriptJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request for a new run. Pure. */
final class CreateRunBody {
    private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String DEFAULT_KIND = "build";
    private static final String CHAT = "chat";
    private static final int MAX_TITLE = 200;

    private CreateRunBody() {}

    static CreateRun read(@Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("workspace", "kind", "title", "plan", CHAT, "limits"));
        String workspace = fields.name(
                        "workspace",
                        WORKSPACE,
                        "A workspace has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first")
                .orElseThrow(() -> fields.missing("workspace"));
        String kind = fields.name("kind", KIND, "A kind has 1 to 32 characters of a-z, 0-9 and '-', a letter first")
                .orElse(DEFAULT_KIND);
        return new CreateRun(
                new WorkspaceId(workspace),
                kind,
                fields.text("title", MAX_TITLE),
                kind.equals(CHAT) ? openPlan(fields) : plan(fields),
                PlanReader.limits("limits", fields.raw("limits")),
                Optional.empty(),
                CanonicalDigest.of(tree));
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
