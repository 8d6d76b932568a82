package io.tailrace.gateway.assistant;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Source;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.repository.RepositoryPins;
import io.tailrace.knowledge.log.RepositoryLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The repositories of one run at the versions that they have at one moment. Immutable. */
final class KnowledgePins {
    private final Map<String, RepositoryLog> logs;
    private final Map<RepositoryLog, Long> positions;

    private KnowledgePins(Map<String, RepositoryLog> logs, Map<RepositoryLog, Long> positions) {
        this.logs = Map.copyOf(logs);
        this.positions = Map.copyOf(positions);
    }

    /**
     * Asks once where all logs end. Blocks.
     *
     * @throws io.tailrace.gateway.problem.RunProblem if one of the repositories is not there, or the log does not answer
     */
    static KnowledgePins of(WorkspaceId workspace, List<Knowledge> all, RepositoryPins repositories)
            throws InterruptedException {
        Map<String, RepositoryLog> logs = new HashMap<>();
        for (Knowledge knowledge : all) {
            for (Source source : knowledge.sources()) {
                String name = source.repository();
                logs.put(
                        name,
                        repositories
                                .find(workspace, name)
                                .orElseThrow(() -> KnowledgeProblem.unknownRepository(workspace, name)));
            }
        }
        return new KnowledgePins(logs, repositories.lastPositions(List.copyOf(logs.values())));
    }

    Retrieval retrieval(Knowledge knowledge) {
        List<Retrieval.Source> sources = new ArrayList<>();
        List<RepositoryLog> asked = new ArrayList<>();
        for (Source source : knowledge.sources()) {
            RepositoryLog log = Objects.requireNonNull(logs.get(source.repository()), "one of those that were pinned");
            asked.add(log);
            sources.add(new Retrieval.Source(
                    source.id(),
                    log.id(),
                    log.generation(),
                    log.shape(),
                    Objects.requireNonNull(positions.get(log), "asked for")));
        }
        return new Retrieval(
                sources,
                SurroundingsCheck.searchType(knowledge.searchType(), asked),
                knowledge.maxChunks(),
                knowledge.maxTokens());
    }
}
