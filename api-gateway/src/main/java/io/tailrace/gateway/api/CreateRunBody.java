package io.tailrace.gateway.api;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.gateway.request.CanonicalDigest;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request for a new run. Pure. */
final class CreateRunBody {
    private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String DEFAULT_KIND = "build";
    private static final int MAX_TITLE = 200;

    private CreateRunBody() {}

    static CreateRun read(@Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("workspace", "kind", "title", "plan", "limits"));
        String workspace = fields.name(
                        "workspace",
                        WORKSPACE,
                        "A workspace has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first")
                .orElseThrow(() -> fields.missing("workspace"));
        String kind = fields.name("kind", KIND, "A kind has 1 to 32 characters of a-z, 0-9 and '-', a letter first")
                .orElse(DEFAULT_KIND);
        if (!fields.has("plan")) {
            throw fields.missing("plan");
        }
        return new CreateRun(
                new WorkspaceId(workspace),
                kind,
                fields.text("title", MAX_TITLE),
                PlanReader.plan("plan", fields.raw("plan")),
                PlanReader.limits("limits", fields.raw("limits")),
                Optional.empty(),
                CanonicalDigest.of(tree));
    }
}
