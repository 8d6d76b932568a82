package io.tailrace.gateway.repository;

import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.log.RepositoryLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Searches repositories. Blocks the caller, bounded; thread-safe. */
final class RepositorySearch {
    private final KnowledgeRepositories repositories;
    private final EmbeddingModels models;

    RepositorySearch(KnowledgeRepositories repositories, EmbeddingModels models) {
        this.repositories = repositories;
        this.models = models;
    }

    /**
     * What was found.
     *
     * @param version of the repository: asked with it, the answer is the same for a week, at every gateway
     */
    record Answer(long version, SearchType mode, List<Hit> hits) {}

    /**
     * The best chunks.
     *
     * @param mode without one hybrid, where there are vectors and a model for the question
     * @param perDocument at most so many of one document
     */
    Answer ask(
            RepositoryLog log, String text, Optional<SearchType> mode, OptionalLong version, int limit, int perDocument)
            throws InterruptedException {
        SearchType how = mode.orElseGet(() -> models.has(log) ? SearchType.HYBRID : SearchType.KEYWORD);
        Question question = switch (how) {
            case KEYWORD -> new Question.Keyword(text);
            case VECTOR -> new Question.ByVector(models.of(log, text));
            case HYBRID -> new Question.Hybrid(text, models.of(log, text));
        };
        try (RepositoryView view = repositories.view(log, version)) {
            return new Answer(view.version(), how, view.search(question, limit, perDocument));
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }
}
