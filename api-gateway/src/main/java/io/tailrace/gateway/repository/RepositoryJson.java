package io.tailrace.gateway.repository;

import io.tailrace.events.codec.WireTree;
import io.tailrace.gateway.repository.RepositoryCatalogue.KnownRepository;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.knowledge.index.StoredDocument;
import io.tailrace.knowledge.log.RepositoryLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Repositories, documents and hits as clients see them. */
final class RepositoryJson {
    private RepositoryJson() {}

    static Map<String, @Nullable Object> repository(KnownRepository repository) {
        RepositoryLog log = repository.log();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("workspace", log.workspace().value());
        tree.put("repository_id", log.id());
        tree.put("language", log.shape().language());
        tree.put("model", log.shape().model().map(it -> it.id()).orElse(null));
        tree.put("max_chunk_tokens", log.shape().maxChunkTokens());
        tree.put("created_at", WireTree.text(repository.createdAt()));
        return tree;
    }

    static Map<String, @Nullable Object> document(StoredDocument document) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("document_id", document.documentId());
        tree.put("title", document.title());
        tree.put("digest", document.digest());
        tree.put("version", document.version());
        tree.put("chunks", document.chunks());
        return tree;
    }

    static Map<String, @Nullable Object> outcome(Documents.Outcome outcome) {
        return switch (outcome) {
            case Documents.Stored stored -> {
                Map<String, @Nullable Object> tree = document(stored.document());
                tree.put("status", stored.effect().name().toLowerCase(Locale.ROOT));
                yield tree;
            }
            case Documents.Refused refused -> {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("document_id", refused.documentId());
                tree.put("status", "refused");
                tree.put("code", refused.problem().code());
                tree.put("detail", refused.problem().getMessage());
                yield tree;
            }
        };
    }

    static Map<String, @Nullable Object> answer(RepositorySearch.Answer answer) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("version", answer.version());
        tree.put("mode", answer.mode().name().toLowerCase(Locale.ROOT));
        tree.put("hits", answer.hits().stream().map(RepositoryJson::hit).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> hit(Hit hit) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("document_id", hit.documentId());
        tree.put("title", hit.title());
        tree.put("document_version", hit.version());
        tree.put("chunk", hit.ordinal());
        tree.put("start", hit.start());
        tree.put("end", hit.end());
        tree.put("headings", List.copyOf(hit.headings()));
        tree.put("score", hit.score());
        tree.put("text", hit.text());
        return tree;
    }
}
