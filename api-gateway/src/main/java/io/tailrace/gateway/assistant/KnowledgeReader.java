package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Source;
import io.tailrace.gateway.repository.RepositoryPins;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which repositories are searched, how, and how much of them is wanted. Confined to one thread. */
final class KnowledgeReader {
    /** The fields that say so. */
    static final Set<String> FIELDS = Set.of("repositories", "search_type", "max_chunks", "max_tokens");

    private static final int MAX_SOURCES = 20;
    private static final int DEFAULT_CHUNKS = 8;
    private static final int DEFAULT_TOKENS = 2000;
    private static final int MAX_TOKENS = 100_000;

    private final Findings findings;

    KnowledgeReader(Findings findings) {
        this.findings = findings;
    }

    /** The field {@code knowledge} of a prompt. */
    Optional<Knowledge> ofPrompt(Fields prompt) {
        return prompt.has("knowledge")
                ? findings.attempt(() -> Fields.of(prompt.pathOf("knowledge"), prompt.raw("knowledge"), FIELDS))
                        .map(this::read)
                : Optional.empty();
    }

    /** What an object says that may have other fields besides. */
    Knowledge read(Fields fields) {
        if (!(fields.raw("repositories") instanceof List<?> list) || list.isEmpty()) {
            findings.error(fields.pathOf("repositories"), "missing_field", "A list of at least one is needed");
        }
        List<Source> sources = findings.members(fields, "repositories", MAX_SOURCES, this::source).stream()
                .flatMap(Optional::stream)
                .toList();
        return new Knowledge(
                sources,
                findings.maybe(() -> searchType(fields)),
                findings.maybe(() -> fields.number("max_chunks", 1, Retrieval.MAX_CHUNKS))
                        .map(Math::toIntExact)
                        .orElse(DEFAULT_CHUNKS),
                findings.maybe(() -> fields.number("max_tokens", 1, MAX_TOKENS))
                        .map(Math::toIntExact)
                        .orElse(DEFAULT_TOKENS));
    }

    private static Optional<SearchType> searchType(Fields fields) throws InvalidInput {
        Optional<String> given = fields.string("search_type", 64);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(SearchType.named(given.get())
                .orElseThrow(() -> new InvalidInput(
                        "invalid_value", fields.pathOf("search_type"), "Known: keyword, vector, hybrid")));
    }

    private Optional<Source> source(String path, @Nullable Object tree) {
        return findings.attempt(() -> {
            Fields fields = Fields.of(path, tree, Set.of("id", "repository"));
            int id = DocumentReader.id(fields);
            String repository = fields.string("repository", 64).orElseThrow(() -> fields.missing("repository"));
            if (!RepositoryPins.isName(repository)) {
                throw new InvalidInput(
                        "invalid_value",
                        fields.pathOf("repository"),
                        "A repository has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first");
            }
            return new Source(id, repository);
        });
    }
}
