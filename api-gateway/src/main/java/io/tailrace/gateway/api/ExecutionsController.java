package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.assistant.AssistantRuns;
import io.tailrace.gateway.request.IdempotencyKey;
import io.tailrace.gateway.request.JsonBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs of assistants as executions: the same runs, in the words of those who call them so. */
@RestController
@RequestMapping(path = "/api/assistant-architect/executions", produces = MediaType.APPLICATION_JSON_VALUE)
final class ExecutionsController {
    private static final String EVENTS = "/api/assistant-architect/events/";

    private final AssistantRuns assistants;
    private final JsonBody body;

    ExecutionsController(AssistantRuns assistants, JsonBody body) {
        this.assistants = assistants;
        this.body = body;
    }

    @PostMapping
    ResponseEntity<Map<String, @Nullable Object>> create(HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        Optional<String> key = IdempotencyKey.of(request);
        CreateRunBody read = CreateRunBody.ofAssistant(body.read(request));
        return CommandAnswer.created(
                assistants.create(read.command(), read.call().orElseThrow(), key),
                run -> EVENTS + run,
                ExecutionsController::tree,
                pending -> CommandAnswer.at(EVENTS + pending.run(), HttpStatus.ACCEPTED)
                        .body(tree(pending.run(), "pending")));
    }

    private static Map<String, @Nullable Object> tree(RunView run) {
        Map<String, @Nullable Object> tree =
                tree(run.runId(), run.status().name().toLowerCase(Locale.ROOT));
        run.plan().assistant().ifPresent(it -> {
            tree.put("assistant", it.name());
            tree.put("version", it.version());
        });
        return tree;
    }

    private static Map<String, @Nullable Object> tree(RunId run, String status) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("executionId", run.value());
        tree.put("status", status);
        return tree;
    }
}
