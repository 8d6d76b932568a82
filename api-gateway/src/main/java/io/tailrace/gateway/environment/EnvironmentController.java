package io.tailrace.gateway.environment;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.command.CommandOutcome;
import io.tailrace.gateway.command.CreateRequest;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.configuration.Configurations;
import io.tailrace.gateway.configuration.PlanConfigurations;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.request.IdempotencyKey;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.WorkspacePath;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.stream.LastEventId;
import io.tailrace.gateway.stream.RunStreams;
import io.tailrace.gateway.stream.StreamRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Environment builds over HTTP: asked for, shown, streamed. */
@RestController
@RequestMapping("/workspaces/{workspace}/configurations/{configuration}")
final class EnvironmentController {
    private static final Set<String> STREAM_PARAMETERS = Set.of("cursor", "lastEventId");

    private final EnvironmentSettings settings;
    private final RunCommands commands;
    private final RunDirectory directory;
    private final Recipes recipes;
    private final Configurations configurations;
    private final PlanConfigurations plans;
    private final RunStreams streams;
    private final EnvironmentView view;
    private final Cursors cursors;
    private final JsonBody body;
    private final Duration decideWithin;
    private final LogConnection connection;
    private final int partitions;

    EnvironmentController(
            EnvironmentSettings settings,
            RunCommands commands,
            RunDirectory directory,
            Recipes recipes,
            Configurations configurations,
            PlanConfigurations plans,
            RunStreams streams,
            EnvironmentView view,
            Cursors cursors,
            JsonBody body,
            Duration decideWithin,
            LogConnection connection,
            int partitions) {
        this.settings = settings;
        this.commands = commands;
        this.directory = directory;
        this.recipes = recipes;
        this.configurations = configurations;
        this.plans = plans;
        this.streams = streams;
        this.view = view;
        this.cursors = cursors;
        this.body = body;
        this.decideWithin = decideWithin;
        this.connection = connection;
        this.partitions = partitions;
    }

    /** Reads the body of a request. */
    @FunctionalInterface
    private interface BodyReader {
        BuildRequestBody read(
                WorkspaceId workspace, String configuration, EnvironmentSettings settings, Optional<Object> tree)
                throws InvalidInput;
    }

    @PostMapping("/builds")
    void build(
            @PathVariable String workspace,
            @PathVariable String configuration,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        ask(workspace, configuration, BuildRequestBody::ofBuild, request, response);
    }

    @PostMapping("/runs")
    void run(
            @PathVariable String workspace,
            @PathVariable String configuration,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        ask(workspace, configuration, BuildRequestBody::ofRun, request, response);
    }

    private void ask(
            String workspace,
            String configuration,
            BodyReader reader,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        WorkspaceId in = WorkspacePath.workspace(workspace);
        WorkspacePath.checkConfiguration(configuration);
        var _ = QueryParameters.of(request, Set.of());
        Optional<LastEventId> last = LastEventId.ofHeader(request);
        if (last.isPresent()) {
            // Whoever has an event of a build wants the rest of it, and no other build.
            Sent sent = sent(last.get());
            RunId run = sent.run.orElseThrow(
                    () -> RunProblem.malformedCursor(last.get().field(), "it names no run"));
            response.setHeader("Location", buildPath(in, configuration, run) + "/stream");
            streams.serve(asked(in, configuration, run, Optional.of(sent.token)), request, response);
            return;
        }
        Optional<String> key = IdempotencyKey.of(request);
        BuildRequestBody asked = reader.read(in, configuration, settings, body.readIfThere(request));
        var _ = configurations.require(in, configuration);
        recipes.check("plan", asked.command().plan());
        CommandOutcome outcome = commands.create(new CreateRequest(plans.resolve(asked.command()), key));
        RunId run = runOf(outcome);
        String path = buildPath(in, configuration, run);
        response.setHeader("Location", path + "/stream");
        if (outcome instanceof CommandOutcome.Pending pending) {
            // Recorded, and not decided yet: the place waits for it.
            String place = path + "/stream?cursor=" + primingCursor(run);
            response.setHeader("Location", place);
            pending(pending, place, response);
        } else if (asked.stream()) {
            streams.serve(StreamRequest.fromBeginning(run, view, _ -> {}), request, response);
        } else {
            answer(outcome, response);
        }
    }

    private String primingCursor(RunId run) {
        long epoch = connection.epoch().orElseThrow(RunProblem::catalogueBehind);
        return cursors.token(run, RunCursor.beforeFirst(epoch, KafkaRecords.partitionOf(run, partitions), run));
    }

    private static void pending(CommandOutcome.Pending pending, String place, HttpServletResponse response)
            throws IOException {
        RunId run = pending.run();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", EnvironmentBuild.id(run));
        tree.put("run_id", run.value());
        tree.put("status", "queued");
        tree.put("waiting_for", pending.waitingFor().tree());
        tree.put("stream_url", place);
        write(202, tree, response);
    }

    private static RunId runOf(CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.Decided decided -> decided.run().runId();
            case CommandOutcome.Already already -> already.run().runId();
            case CommandOutcome.Pending pending -> pending.run();
        };
    }

    private static void answer(CommandOutcome outcome, HttpServletResponse response) throws IOException {
        switch (outcome) {
            case CommandOutcome.Decided decided -> write(201, tree(decided.run()), response);
            case CommandOutcome.Already already -> write(200, tree(already.run()), response);
            case CommandOutcome.Pending _ -> throw new IllegalStateException("it is not decided yet");
        }
    }

    private static Map<String, @Nullable Object> tree(RunView run) {
        return EnvironmentBuild.of(run)
                .map(EnvironmentBuild::tree)
                .orElseThrow(() -> new IllegalStateException("the run " + run.runId() + " begins with no environment"));
    }

    private static void write(int status, Map<String, @Nullable Object> tree, HttpServletResponse response)
            throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(tree);
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    @GetMapping(path = "/builds/{build}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, @Nullable Object>> show(
            @PathVariable String workspace,
            @PathVariable String configuration,
            @PathVariable String build,
            HttpServletRequest request)
            throws InterruptedException {
        var _ = QueryParameters.of(request, Set.of());
        WorkspaceId in = WorkspacePath.workspace(workspace);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(build(in, configuration, directory.require(runOf(build), decideWithin))
                        .tree());
    }

    @GetMapping("/builds/{build}/stream")
    void stream(
            @PathVariable String workspace,
            @PathVariable String configuration,
            @PathVariable String build,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        QueryParameters query = QueryParameters.of(request, STREAM_PARAMETERS);
        RunId run = runOf(build);
        Optional<LastEventId> last = LastEventId.of(request, query);
        Optional<LastEventId> token = last.isPresent() ? Optional.of(token(last.get(), run)) : Optional.empty();
        WorkspaceId in = WorkspacePath.workspace(workspace);
        streams.serve(asked(in, configuration, run, token), request, response);
    }

    private StreamRequest asked(WorkspaceId workspace, String configuration, RunId run, Optional<LastEventId> last) {
        return new StreamRequest(run, last, false, view, found -> build(workspace, configuration, found));
    }

    private static LastEventId token(LastEventId last, RunId run) {
        Sent sent = sent(last);
        if (!sent.run.orElse(run).equals(run)) {
            throw RunProblem.foreignCursor(last.field());
        }
        return sent.token;
    }

    /** What a client sent: a cursor's token, and of which run it is, if the client says so. The seal proves the run. */
    private record Sent(LastEventId token, Optional<RunId> run) {}

    private static Sent sent(LastEventId last) {
        int at = last.text().indexOf(EnvironmentView.SEPARATOR);
        LastEventId token =
                at < 0 ? last : new LastEventId(last.field(), last.text().substring(0, at));
        if (at < 0) {
            return new Sent(token, Optional.empty());
        }
        String run = last.text().substring(at + 1);
        if (!RunId.isLegal(run)) {
            throw RunProblem.malformedCursor(last.field(), "it names no run");
        }
        return new Sent(token, Optional.of(new RunId(run)));
    }

    private static RunId runOf(String build) {
        return EnvironmentBuild.runOf(build).orElseThrow(() -> RunProblem.unknownBuild(build));
    }

    /** The build that a run is, if it is one of this configuration. */
    private static EnvironmentBuild build(WorkspaceId workspace, String configuration, RunView found) {
        return EnvironmentBuild.of(found)
                .filter(it -> found.workspace().equals(workspace)
                        && it.environment().configuration().equals(configuration))
                .orElseThrow(() -> RunProblem.unknownBuild(EnvironmentBuild.id(found.runId())));
    }

    private static String buildPath(WorkspaceId workspace, String configuration, RunId run) {
        return "/workspaces/" + workspace + "/configurations/" + configuration + "/builds/" + EnvironmentBuild.id(run);
    }
}
