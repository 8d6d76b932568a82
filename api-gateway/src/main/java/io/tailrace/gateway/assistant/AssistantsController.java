package io.tailrace.gateway.assistant;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.assistant.AssistantCatalogue.KnownAssistant;
import io.tailrace.gateway.assistant.Assistants.Effect;
import io.tailrace.gateway.assistant.Assistants.Stored;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.WorkspacePath;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Assistants over HTTP: stored, shown, deleted, checked. */
@RestController
@RequestMapping(path = "/v1/assistants", produces = MediaType.APPLICATION_JSON_VALUE)
final class AssistantsController {
    private final Assistants assistants;
    private final JsonBody definitions;
    private final JsonBody inputs;

    /**
     * @param definitions reads definitions
     * @param inputs reads requests with inputs
     */
    AssistantsController(Assistants assistants, JsonBody definitions, JsonBody inputs) {
        this.assistants = assistants;
        this.definitions = definitions;
        this.inputs = inputs;
    }

    @GetMapping
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) throws InterruptedException {
        List<Map<String, @Nullable Object>> all = assistants.of(workspace(request)).stream()
                .map(AssistantJson::brief)
                .toList();
        return ok().body(Map.of("assistants", all));
    }

    @GetMapping("/{name}")
    ResponseEntity<Map<String, @Nullable Object>> get(@PathVariable String name, HttpServletRequest request)
            throws InterruptedException {
        WorkspaceId workspace = workspace(request);
        return ok().body(AssistantJson.full(assistants.require(workspace, AssistantName.path(name))));
    }

    @PutMapping("/{name}")
    ResponseEntity<Map<String, @Nullable Object>> put(@PathVariable String name, HttpServletRequest request)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        WorkspaceId workspace = workspace(request);
        Stored stored = assistants.put(workspace, AssistantName.changed(name), definitions.read(request));
        URI place = URI.create("/v1/assistants/" + name + "?workspace=" + workspace.value());
        return (stored.effect() == Effect.CREATED ? ResponseEntity.created(place) : ResponseEntity.ok())
                .body(AssistantJson.stored(stored));
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(@PathVariable String name, HttpServletRequest request) throws InterruptedException {
        WorkspaceId workspace = workspace(request);
        assistants.delete(workspace, AssistantName.changed(name));
        return ResponseEntity.noContent().build();
    }

    /** Says what a run would ask; asks nobody and writes nothing. */
    @PostMapping("/{name}/check")
    ResponseEntity<Map<String, @Nullable Object>> check(@PathVariable String name, HttpServletRequest request)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        WorkspaceId workspace = workspace(request);
        AssistantName wanted = AssistantName.path(name);
        Optional<Object> tree = inputs.readIfThere(request);
        @Nullable
        Object given = tree.isEmpty()
                ? null
                : Fields.of("", tree.get(), Set.of("inputs")).raw("inputs");
        KnownAssistant known = assistants.require(workspace, wanted);
        Findings findings = new Findings();
        Optional<AssistantDocument> document = assistants.check(known, findings);
        InputValues values = document.isEmpty()
                ? new InputValues(Map.of(), List.of())
                : InputValues.read(document.get(), given, findings);
        return ok().body(AssistantJson.checked(known, document, values, findings));
    }

    private static ResponseEntity.BodyBuilder ok() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore());
    }

    private static WorkspaceId workspace(HttpServletRequest request) {
        return WorkspacePath.parameter(
                QueryParameters.of(request, Set.of("workspace")).text("workspace"));
    }
}
