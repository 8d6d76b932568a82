package io.tailrace.gateway.api;

import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.assistant.AssistantRuns;
import io.tailrace.gateway.command.CommandOutcome;
import io.tailrace.gateway.command.CreateRequest;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.configuration.PlanConfigurations;
import io.tailrace.gateway.problem.AssistantProblem;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.request.CanonicalDigest;
import io.tailrace.gateway.request.IdempotencyKey;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.runs.RunDirectory;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Commands over HTTP: create, cancel and retry a run. */
@RestController
@RequestMapping(path = "/v1/runs", produces = MediaType.APPLICATION_JSON_VALUE)
final class RunCommandsController {
    private static final String START = "start";
    private static final int MAX_REASON = 500;
    /** A client that has seen a run's end may ask before this gateway has its last view. */
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final RunCommands commands;
    private final RunDirectory directory;
    private final Recipes recipes;
    private final PlanConfigurations configurations;
    private final AssistantRuns assistants;
    private final RunJson json;
    private final JsonBody body;
    private final int partitions;

    RunCommandsController(
            RunCommands commands,
            RunDirectory directory,
            Recipes recipes,
            PlanConfigurations configurations,
            AssistantRuns assistants,
            RunJson json,
            JsonBody body,
            int partitions) {
        this.commands = commands;
        this.directory = directory;
        this.recipes = recipes;
        this.configurations = configurations;
        this.assistants = assistants;
        this.json = json;
        this.body = body;
        this.partitions = partitions;
    }

    @PostMapping
    ResponseEntity<Map<String, @Nullable Object>> create(HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        Optional<String> key = IdempotencyKey.of(request);
        CreateRunBody read = CreateRunBody.read(body.read(request));
        CreateRun command = read.command();
        if (read.call().isPresent()) {
            return created(assistants.create(command, read.call().get(), key));
        }
        recipes.check("plan", command.plan());
        return created(commands.create(new CreateRequest(configurations.resolve(command), key)));
    }

    @PostMapping("/{id}/cancel")
    ResponseEntity<Map<String, @Nullable Object>> cancel(@PathVariable String id, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        Optional<Object> tree = body.readIfThere(request);
        Optional<String> reason = tree.isEmpty()
                ? Optional.empty()
                : Fields.of("", tree.get(), Set.of("reason")).text("reason", MAX_REASON);
        return CommandAnswer.ended(commands.cancel(run, reason), run, json);
    }

    @PostMapping("/{id}/retry")
    ResponseEntity<Map<String, @Nullable Object>> retry(@PathVariable String id, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        Optional<String> key = IdempotencyKey.of(request);
        Optional<Object> tree = body.readIfThere(request);
        if (tree.isPresent()) {
            var _ = Fields.of("", tree.get(), Set.of());
        }
        Optional<String> from = QueryParameters.of(request, Set.of("from")).text("from");
        if (from.isPresent() && !from.get().equals(START)) {
            throw RunProblem.invalid(
                    "invalid_value", "from", "Known: start. Without it what succeeded is not repeated.");
        }
        RunView failed = directory.require(run, it -> it.status().isFinal(), END_WITHIN);
        if (failed.plan().chat().isPresent()) {
            throw ChatProblem.chatCannotBeRetried(run);
        }
        switch (failed.status()) {
            case FAILED, CANCELED -> {}
            case QUEUED, RUNNING, WAITING, IDLE, CANCELING, SUCCEEDED ->
                throw RunProblem.runNotRetryable(run, failed.status());
        }
        if (from.isPresent() && failed.plan().assistant().isEmpty()) {
            throw AssistantProblem.notAnAssistant(run);
        }
        String digest = CanonicalDigest.of(
                from.isPresent()
                        ? Map.of("retry_of", run.value(), "from", from.get())
                        : Map.of("retry_of", run.value()));
        return created(commands.create(failed.workspace(), key, digest, () -> again(failed, from.isPresent(), digest)));
    }

    private CreateRun again(RunView failed, boolean fromStart, String digest) throws InterruptedException {
        recipes.check("plan", failed.plan());
        return new CreateRun(
                failed.workspace(),
                failed.kind(),
                failed.title(),
                failed.plan().assistant().isPresent() ? assistants.again(failed, fromStart) : failed.plan(),
                failed.limits(),
                Optional.of(failed.runId()),
                digest);
    }

    private ResponseEntity<Map<String, @Nullable Object>> created(CommandOutcome outcome) {
        return CommandAnswer.created(outcome, RunJson::location, json::full, pending -> {
            String cursor = json.primingCursor(pending.run(), KafkaRecords.partitionOf(pending.run(), partitions));
            return CommandAnswer.at(RunJson.location(pending.run()) + "?cursor=" + cursor, HttpStatus.ACCEPTED)
                    .body(json.pending(pending.run(), Optional.of(cursor), pending.waitingFor()));
        });
    }
}
