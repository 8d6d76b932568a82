package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.runs.PageKey;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.runs.RunFilter;
import io.tailrace.gateway.runs.RunPage;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs over HTTP: one, and the list. */
@RestController
@RequestMapping(path = "/v1/runs", produces = MediaType.APPLICATION_JSON_VALUE)
final class RunQueriesController {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final Set<String> LIST_PARAMETERS =
            Set.of("workspace", "kind", "status", "created_after", "created_before", "limit", "page");

    private final RunDirectory directory;
    private final RunJson json;
    private final Cursors cursors;
    private final Duration decideWithin;

    RunQueriesController(RunDirectory directory, RunJson json, Cursors cursors, Duration decideWithin) {
        this.directory = directory;
        this.json = json;
        this.cursors = cursors;
        this.decideWithin = decideWithin;
    }

    @GetMapping("/{id}")
    ResponseEntity<Map<String, @Nullable Object>> one(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        RunId run = RunPath.run(id);
        Optional<String> cursor = QueryParameters.of(request, Set.of("cursor")).text("cursor");
        RunView view = cursor.isPresent() ? promised(run, cursor.get()) : directory.require(run);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(json.full(view));
    }

    /** A run whose creation was recorded, as the priming cursor says: its decision is waited for as long as in the first place. */
    private RunView promised(RunId run, String token) throws InterruptedException {
        var _ = cursors.given("cursor", run, token);
        return directory.require(run, decideWithin);
    }

    @GetMapping
    ResponseEntity<Map<String, @Nullable Object>> list(HttpServletRequest request) throws InterruptedException {
        QueryParameters query = QueryParameters.of(request, LIST_PARAMETERS);
        RunFilter filter = new RunFilter(
                query.text("workspace").map(RunQueriesController::workspace),
                query.text("kind"),
                statuses(query.texts("status")),
                query.time("created_after"),
                query.time("created_before"));
        Optional<PageKey> after = query.text("page").map(RunQueriesController::pageKey);
        int limit = query.count("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        RunPage page = directory.page(filter, after, limit);
        List<Map<String, @Nullable Object>> runs =
                page.runs().stream().map(json::brief).toList();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("runs", runs);
        answer.put("next_page", page.next().map(PageKey::token).orElse(null));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer);
    }

    private static WorkspaceId workspace(String text) {
        if (!WorkspaceId.isLegal(text)) {
            throw RunProblem.invalid(
                    "invalid_value",
                    "workspace",
                    "A workspace has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first.");
        }
        return new WorkspaceId(text);
    }

    private static PageKey pageKey(String token) {
        return PageKey.parse(token)
                .orElseThrow(() -> RunProblem.invalid(
                        "malformed_page", "page", "Take the token from next_page of the page before."));
    }

    private static Set<RunStatus> statuses(List<String> names) {
        Set<RunStatus> statuses = new LinkedHashSet<>();
        for (String name : names) {
            statuses.add(Arrays.stream(RunStatus.values())
                    .filter(it -> wireName(it).equals(name))
                    .findFirst()
                    .orElseThrow(() -> RunProblem.invalid(
                            "invalid_value",
                            "status",
                            "Known: "
                                    + String.join(
                                            ", ",
                                            Arrays.stream(RunStatus.values())
                                                    .map(RunQueriesController::wireName)
                                                    .toList())
                                    + ".")));
        }
        return statuses;
    }

    private static String wireName(RunStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
