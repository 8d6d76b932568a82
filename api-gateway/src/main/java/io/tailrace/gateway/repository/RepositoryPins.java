package io.tailrace.gateway.repository;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.repository.RepositoryCatalogue.KnownRepository;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.log.RepositoryUnreadable;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Which repositories there are and where their logs end: what a run keeps to, whatever is stored later. As new as the
 * definitions are; who needs them newer catches up before. Thread-safe.
 */
public final class RepositoryPins {
    private final RepositoryCatalogue catalogue;
    private final Repositories indexes;
    private final Duration within;

    RepositoryPins(RepositoryCatalogue catalogue, Repositories indexes, Duration within) {
        this.catalogue = catalogue;
        this.indexes = indexes;
        this.within = within;
    }

    /** The log of a workspace's repository, if there is one of this name. Does not block. */
    public Optional<RepositoryLog> find(WorkspaceId workspace, String id) {
        return catalogue.find(workspace, id).map(KnownRepository::log);
    }

    /** Whether the text could be a repository's name. */
    public static boolean isName(String text) {
        return RepositoryNames.isRepository(text);
    }

    /**
     * The last position of each log at this moment, -1 in an empty one. Blocks the caller, bounded.
     *
     * @throws RunProblem {@code repository_unreadable}
     */
    public Map<RepositoryLog, Long> lastPositions(Collection<RepositoryLog> logs) throws InterruptedException {
        try {
            return indexes.lastPositions(logs, within);
        } catch (RepositoryUnreadable e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }
}
