package io.tailrace.gateway.repository;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.repository.RepositoryCatalogue.KnownRepository;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.index.StoredDocument;
import io.tailrace.knowledge.log.Reading;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.log.RepositoryUnreadable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The repositories of all workspaces: made, deleted, looked into. Every answer is at least as new as its question, be it
 * that another gateway wrote. Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
final class KnowledgeRepositories {
    private static final int DELETED_AT_ONCE = 1000;

    private final RepositoryCatalogue catalogue;
    private final Definitions definitions;
    private final RepositoryWriter writer;
    private final Repositories indexes;
    private final InstantSource clock;
    private final Duration within;

    /** @param within how long an index may take to catch up */
    KnowledgeRepositories(
            RepositoryCatalogue catalogue,
            Definitions definitions,
            RepositoryWriter writer,
            Repositories indexes,
            InstantSource clock,
            Duration within) {
        this.catalogue = catalogue;
        this.definitions = definitions;
        this.writer = writer;
        this.indexes = indexes;
        this.clock = clock;
        this.within = within;
    }

    /** @param added whether it was not there before */
    record Made(KnownRepository repository, boolean added) {}

    /**
     * Makes a repository; one that is there and the same stays what it is.
     *
     * @throws RunProblem {@code repository_is_otherwise}
     */
    Made make(WorkspaceId workspace, String id, Shape shape) throws InterruptedException {
        definitions.catchUp();
        Optional<KnownRepository> before = catalogue.find(workspace, id);
        if (before.isPresent()) {
            if (!before.get().log().shape().equals(shape)) {
                throw KnowledgeProblem.repositoryIsOtherwise(id);
            }
            return new Made(before.get(), false);
        }
        int generation = catalogue.generation(workspace, id) + 1;
        record(workspace, id, new RepositoryDefinition(generation, Optional.of(shape)));
        return new Made(catalogue.find(workspace, id).orElseThrow(RunProblem::catalogueBehind), true);
    }

    private void record(WorkspaceId workspace, String id, RepositoryDefinition definition) throws InterruptedException {
        LogWriter.Sent sent = writer.send(Definition.repository(workspace, id, clock.instant(), definition));
        definitions.awaitOffset(sent.offset() + 1);
    }

    /** @throws RunProblem {@code unknown_repository} if there surely is none */
    KnownRepository require(WorkspaceId workspace, String id) throws InterruptedException {
        definitions.catchUp();
        return catalogue.find(workspace, id).orElseThrow(() -> KnowledgeProblem.unknownRepository(workspace, id));
    }

    /** The repositories of a workspace, by id. */
    List<KnownRepository> of(WorkspaceId workspace) throws InterruptedException {
        definitions.catchUp();
        return catalogue.of(workspace);
    }

    /**
     * Deletes a repository: first its documents, each for itself, so that the log lets go of their texts, then its name. A
     * deletion that stops in the middle is asked for again.
     */
    void delete(WorkspaceId workspace, String id) throws InterruptedException {
        RepositoryLog log = require(workspace, id).log();
        try (RepositoryView view = view(log, OptionalLong.empty())) {
            List<StoredDocument> documents = view.documents("", DELETED_AT_ONCE);
            while (!documents.isEmpty()) {
                List<LogWriter.Sent> sent = new ArrayList<>();
                for (StoredDocument document : documents) {
                    sent.add(writer.send(deleted(log, document.documentId())));
                }
                for (LogWriter.Sent each : sent) {
                    long _ = each.offset();
                }
                documents = view.documents(documents.getLast().documentId(), DELETED_AT_ONCE);
            }
            record(workspace, id, new RepositoryDefinition(log.generation(), Optional.empty()));
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
        try {
            indexes.keepOnly(catalogue.logs());
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }

    /** What the log is told of a document that goes. */
    RepositoryChange deleted(RepositoryLog log, String document) {
        return new RepositoryChange(log.name(), document, clock.instant(), new RepositoryChange.DocumentDeleted());
    }

    /**
     * The repository at a version, or else with all that the log has now. To be closed.
     *
     * @throws RunProblem {@code repository_behind}, {@code version_forgotten}, {@code repository_unreadable}
     */
    RepositoryView view(RepositoryLog log, OptionalLong version) throws InterruptedException {
        try {
            Reading reading =
                    version.isPresent() ? indexes.at(log, version.getAsLong(), within) : indexes.newest(log, within);
            return switch (reading) {
                case Reading.Found found -> found.view();
                case Reading.Behind behind -> throw KnowledgeProblem.repositoryBehind(behind.version());
                case Reading.Ahead ahead -> throw KnowledgeProblem.repositoryBehind(ahead.newest());
                case Reading.Forgotten forgotten -> throw KnowledgeProblem.versionForgotten(forgotten.oldest());
                case Reading.NoRoom _ -> throw KnowledgeProblem.tooManyRepositories();
            };
        } catch (RepositoryUnreadable e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }
}
