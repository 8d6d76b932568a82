package io.tailrace.gateway.execution;

import io.tailrace.events.log.EventType;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.gateway.json.EventDecoder;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Reads an execution from the records of its run. Thread-safe. */
final class ExecutionEvents {
    /** All others say nothing of an execution, and are not decoded: most of a run are the deltas of its answers. */
    private static final Set<EventType> TELLING = EnumSet.of(
            EventType.RUN_CREATED,
            EventType.RUN_CANCEL_REQUESTED,
            EventType.STAGE_REQUESTED,
            EventType.STAGE_FINISHED,
            EventType.TOOL_APPROVAL_REQUESTED,
            EventType.RUN_COMPLETED,
            EventType.ATTEMPT_STARTED,
            EventType.TURN_STARTED,
            EventType.TURN_CONTINUED,
            EventType.TURN_PAUSED,
            EventType.VARIABLES_SUBSTITUTED,
            EventType.KNOWLEDGE_RETRIEVAL_STARTED,
            EventType.KNOWLEDGE_RETRIEVED,
            EventType.ANSWER_REUSED,
            EventType.TOOL_EXECUTION_STARTED,
            EventType.TOOL_EXECUTION_COMPLETED,
            EventType.TURN_COMPLETED,
            EventType.TURN_FAILED,
            EventType.STAGE_ABORTED);

    private final EventDecoder decoder;

    ExecutionEvents(EventDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * Takes the events of a record, from one of them on. Those of a type that this release does not know, and values that
     * cannot be decoded, change nothing.
     *
     * @param from how many of them were taken before
     */
    Execution.Told next(Execution execution, ReadItem.Numbered item, int from) {
        Optional<EventType> type = EventType.named(item.record().headers().type());
        // What tells of an execution is alone in its record.
        if (from > 0 || type.isEmpty() || !TELLING.contains(type.get())) {
            return new Execution.Told(execution, Optional.empty());
        }
        return decoder.decode(item.record())
                .map(it -> execution.take(item.record().headers(), it))
                .orElseGet(() -> new Execution.Told(execution, Optional.empty()));
    }
}
