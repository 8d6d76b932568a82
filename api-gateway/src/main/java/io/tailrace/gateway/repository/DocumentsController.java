package io.tailrace.gateway.repository;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.TimelyBody;
import io.tailrace.knowledge.index.StoredDocument;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.text.DocumentFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

/** The documents of a repository over HTTP: one by one, and several as lines of JSON. */
@RestController
@RequestMapping(path = "/v1/repositories/{id}/documents", produces = MediaType.APPLICATION_JSON_VALUE)
final class DocumentsController {
    /** Each holds documents in memory; the others wait. */
    private static final int UPLOADS_AT_ONCE = 4;

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    private static final String NDJSON = "application/x-ndjson";
    private static final TimelyBody BODY = new TimelyBody();

    private final KnowledgeRepositories repositories;
    private final Documents documents;
    private final int maxBytes;
    private final Duration turnWithin;
    private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE, true);

    /**
     * @param maxBytes of a body
     * @param turnWithin how long an upload waits while as many as are allowed are being read
     */
    DocumentsController(KnowledgeRepositories repositories, Documents documents, int maxBytes, Duration turnWithin) {
        this.repositories = repositories;
        this.documents = documents;
        this.maxBytes = maxBytes;
        this.turnWithin = turnWithin;
    }

    @GetMapping
    ResponseEntity<Map<String, @Nullable Object>> list(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        QueryParameters query = QueryParameters.of(request, Set.of("workspace", "after", "limit", "version"));
        String after = query.text("after").orElse("");
        if (!after.isEmpty() && !RepositoryNames.isDocument(after)) {
            throw RunProblem.invalid("invalid_value", "after", RepositoryNames.DOCUMENT_RULE + ".");
        }
        int limit = query.count("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        Documents.Page page =
                documents.page(log(id, query), query.number("version", 0, Long.MAX_VALUE - 1), after, limit + 1);
        boolean more = page.documents().size() > limit;
        List<StoredDocument> shown = more ? page.documents().subList(0, limit) : page.documents();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("version", page.version());
        tree.put("documents", shown.stream().map(RepositoryJson::document).toList());
        tree.put("next_after", more ? shown.getLast().documentId() : null);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree);
    }

    @PutMapping("/{*document}")
    ResponseEntity<Map<String, @Nullable Object>> put(
            @PathVariable String id, @PathVariable String document, HttpServletRequest request)
            throws IOException, InterruptedException, HttpMediaTypeNotSupportedException {
        QueryParameters query = QueryParameters.of(request, Set.of("workspace", "title"));
        String documentId = RepositoryNames.document(document);
        Optional<String> title = query.text("title");
        if (title.isPresent() && !DocumentLines.isTitle(title.get())) {
            throw RunProblem.invalid("invalid_value", "title", DocumentLines.TITLE_RULE + ".");
        }
        DocumentFormat format = format(request);
        RepositoryLog log = log(id, query);
        return uploading(() -> {
            Documents.Stored stored =
                    documents.put(log, new SentDocument(documentId, title, format, BODY.readAll(request, maxBytes)));
            ResponseEntity.BodyBuilder answer = stored.effect() == Documents.Effect.CREATED
                    ? ResponseEntity.created(URI.create(request.getRequestURI()))
                    : ResponseEntity.ok();
            return answer.body(RepositoryJson.outcome(stored));
        });
    }

    @PostMapping
    ResponseEntity<Map<String, @Nullable Object>> putAll(@PathVariable String id, HttpServletRequest request)
            throws IOException, InterruptedException, HttpMediaTypeNotSupportedException {
        QueryParameters query = QueryParameters.of(request, Set.of("workspace"));
        requireLines(request);
        RepositoryLog log = log(id, query);
        return uploading(() -> {
            List<Documents.Outcome> outcomes;
            try {
                outcomes = documents.putAll(log, DocumentLines.read(BODY.readAll(request, maxBytes)));
            } catch (InvalidInput e) {
                throw RunProblem.invalidInput(e);
            }
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("version", newest(outcomes));
            tree.put("documents", outcomes.stream().map(RepositoryJson::outcome).toList());
            return ResponseEntity.ok().body(tree);
        });
    }

    /** A version that has all that was stored; null if nothing was. */
    private static @Nullable Long newest(List<Documents.Outcome> outcomes) {
        Long newest = null;
        for (Documents.Outcome outcome : outcomes) {
            if (outcome instanceof Documents.Stored stored
                    && (newest == null || stored.document().version() > newest)) {
                newest = stored.document().version();
            }
        }
        return newest;
    }

    @DeleteMapping("/{*document}")
    ResponseEntity<Map<String, @Nullable Object>> delete(
            @PathVariable String id, @PathVariable String document, HttpServletRequest request)
            throws InterruptedException {
        QueryParameters query = QueryParameters.of(request, Set.of("workspace"));
        String documentId = RepositoryNames.document(document);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("document_id", documentId);
        tree.put("version", documents.delete(log(id, query), documentId));
        return ResponseEntity.ok().body(tree);
    }

    private RepositoryLog log(String id, QueryParameters query) throws InterruptedException {
        WorkspaceId workspace = RepositoryNames.workspace(query.text("workspace"));
        return repositories.require(workspace, RepositoryNames.repository(id)).log();
    }

    private interface Upload {
        ResponseEntity<Map<String, @Nullable Object>> run() throws IOException, InterruptedException;
    }

    private ResponseEntity<Map<String, @Nullable Object>> uploading(Upload upload)
            throws IOException, InterruptedException {
        if (!uploads.tryAcquire(turnWithin.toMillis(), TimeUnit.MILLISECONDS)) {
            throw RunProblem.tooManyUploads();
        }
        try {
            return upload.run();
        } finally {
            uploads.release();
        }
    }

    private static DocumentFormat format(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        return Optional.ofNullable(request.getContentType())
                .flatMap(DocumentFormat::ofMediaType)
                .filter(_ -> request.getHeader("Content-Encoding") == null)
                .orElseThrow(() -> new HttpMediaTypeNotSupportedException(
                        (MediaType) null,
                        Arrays.stream(DocumentFormat.values())
                                .map(it -> MediaType.parseMediaType(it.mediaType()))
                                .toList()));
    }

    private static void requireLines(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        String type = String.valueOf(request.getContentType());
        boolean lines = type.equals(NDJSON) || type.startsWith(NDJSON + ";");
        if (!lines || request.getHeader("Content-Encoding") != null) {
            throw new HttpMediaTypeNotSupportedException((MediaType) null, List.of(MediaType.parseMediaType(NDJSON)));
        }
    }
}
