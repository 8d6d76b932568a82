package io.tailrace.gateway.runs;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.run.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs a list has.
 *
 * @param statuses empty for all
 * @param createdAfter exclusive
 * @param createdBefore exclusive
 */
public record RunFilter(
        Optional<WorkspaceId> workspace,
        Optional<String> kind,
        Set<RunStatus> statuses,
        Optional<Instant> createdAfter,
        Optional<Instant> createdBefore) {
    /** Every run. */
    public static final RunFilter ALL =
            new RunFilter(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), Optional.empty());

    public RunFilter {
        statuses = Set.copyOf(statuses);
    }

    /** Whether an entry passes, its time of creation aside. */
    boolean passes(CatalogueEntry entry) {
        return (statuses.isEmpty() || statuses.contains(entry.held().status()))
                && (workspace.isEmpty() || workspace.get().equals(entry.workspace()))
                && (kind.isEmpty() || kind.get().equals(entry.kind()));
    }
}
