package io.tailrace.turn.knowledge;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.worker.attempt.StopSignal;
import java.util.Optional;

/** Finds what a prompt is to be told. Safe from any thread; blocks, bounded. */
@FunctionalInterface
public interface Knowledge {

    /**
     * What its sources have for a question. It follows from the arguments and the sources' logs alone: every worker finds
     * the same chunks with the same scores in the same order.
     *
     * @param workspace whose repositories are asked
     * @param question any text that is not blank; of a long one its beginning is asked
     * @param room how many tokens the passages may have in a context, as a context counts them
     * @return empty if the attempt has to stop before
     * @throws RetrievalRefused when the turn is to fail
     * @throws org.apache.kafka.common.KafkaException when the log or the indexes are not there in time: another attempt can
     *     succeed
     */
    Optional<Retrieved> retrieve(
            WorkspaceId workspace, Retrieval retrieval, String question, long room, StopSignal stop)
            throws RetrievalRefused;
}
