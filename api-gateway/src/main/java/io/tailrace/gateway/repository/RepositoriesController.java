package io.tailrace.gateway.repository;

import io.tailrace.events.definition.RepositoryDefinition.Model;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.repository.KnowledgeRepositories.Made;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.knowledge.embed.EmbeddingModel;
import io.tailrace.knowledge.index.Language;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.log.RepositoryLog;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Repositories over HTTP: made, shown, deleted, searched. */
@RestController
@RequestMapping(path = "/v1/repositories", produces = MediaType.APPLICATION_JSON_VALUE)
final class RepositoriesController {
    private static final int DEFAULT_CHUNK_TOKENS = 200;
    private static final int MIN_CHUNK_TOKENS = 16;
    private static final int MAX_CHUNK_TOKENS = 2000;
    private static final int DEFAULT_HITS = 10;
    private static final int MAX_HITS = 50;
    private static final Set<String> SEARCH = Set.of("workspace", "q", "mode", "limit", "per_document", "version");

    private final KnowledgeRepositories repositories;
    private final RepositorySearch search;
    private final EmbeddingModels models;
    private final JsonBody json;

    RepositoriesController(
            KnowledgeRepositories repositories, RepositorySearch search, EmbeddingModels models, JsonBody json) {
        this.repositories = repositories;
        this.search = search;
        this.models = models;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) throws InterruptedException {
        WorkspaceId workspace = workspace(request);
        List<Map<String, @Nullable Object>> all = repositories.of(workspace).stream()
                .map(RepositoryJson::repository)
                .toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("repositories", all));
    }

    @GetMapping("/{id}")
    ResponseEntity<Map<String, @Nullable Object>> get(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        WorkspaceId workspace = workspace(request);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(RepositoryJson.repository(repositories.require(workspace, RepositoryNames.repository(id))));
    }

    @PutMapping("/{id}")
    ResponseEntity<Map<String, @Nullable Object>> make(@PathVariable String id, HttpServletRequest request)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        WorkspaceId workspace = workspace(request);
        Made made = repositories.make(workspace, RepositoryNames.repository(id), shape(json.read(request)));
        URI place = URI.create("/v1/repositories/" + id + "?workspace=" + workspace.value());
        return (made.added() ? ResponseEntity.created(place) : ResponseEntity.ok())
                .body(RepositoryJson.repository(made.repository()));
    }

    private Shape shape(@Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("language", "model", "max_chunk_tokens"));
        String language = fields.string("language", 32).orElse("english");
        if (RepositoryLog.language(language).isEmpty()) {
            throw new InvalidInput("invalid_value", "language", "Known are: " + String.join(", ", languages()));
        }
        Optional<String> name = fields.text("model", 200);
        Optional<EmbeddingModel> model = name.isEmpty()
                ? Optional.empty()
                : Optional.of(models.find(name.get())
                        .orElseThrow(() -> KnowledgeProblem.unknownModel(models.ids()))
                        .model());
        int most = model.map(EmbeddingModel::maxTokens).orElse(MAX_CHUNK_TOKENS);
        int tokens = fields.number("max_chunk_tokens", MIN_CHUNK_TOKENS, MAX_CHUNK_TOKENS)
                .map(Math::toIntExact)
                .orElse(Math.min(most, DEFAULT_CHUNK_TOKENS));
        if (tokens > most) {
            throw KnowledgeProblem.chunksTooLong(most);
        }
        return new Shape(language, model.map(it -> new Model(it.id(), it.dimensions())), tokens);
    }

    private static List<String> languages() {
        return Arrays.stream(Language.values())
                .map(it -> it.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable String id, HttpServletRequest request) throws InterruptedException {
        WorkspaceId workspace = workspace(request);
        repositories.delete(workspace, RepositoryNames.repository(id));
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{id}/search")
    ResponseEntity<Map<String, @Nullable Object>> search(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        QueryParameters query = QueryParameters.of(request, SEARCH);
        WorkspaceId workspace = RepositoryNames.workspace(query.text("workspace"));
        String text = query.text("q")
                .filter(it -> !it.isBlank())
                .orElseThrow(() -> RunProblem.invalid("missing_parameter", "q", "A question is needed."));
        if (text.length() > Question.MAX_CHARACTERS) {
            throw RunProblem.invalid("too_long", "q", "At most " + Question.MAX_CHARACTERS + " characters.");
        }
        Optional<SearchType> mode = query.text("mode").map(RepositoriesController::mode);
        int limit = query.count("limit", 1, MAX_HITS).orElse(DEFAULT_HITS);
        int perDocument = query.count("per_document", 1, MAX_HITS).orElse(MAX_HITS);
        RepositoryLog log =
                repositories.require(workspace, RepositoryNames.repository(id)).log();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(RepositoryJson.answer(search.ask(
                        log, text, mode, query.number("version", 0, Long.MAX_VALUE - 1), limit, perDocument)));
    }

    private static SearchType mode(String text) {
        return SearchType.named(text)
                .orElseThrow(() -> RunProblem.invalid("invalid_value", "mode", "Known: keyword, vector, hybrid."));
    }

    private static WorkspaceId workspace(HttpServletRequest request) {
        return RepositoryNames.workspace(
                QueryParameters.of(request, Set.of("workspace")).text("workspace"));
    }
}
