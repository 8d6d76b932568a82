package io.tailrace.turn.tool;

import io.tailrace.worker.attempt.StopSignal;

/** Executes calls of tools. Safe from any thread; blocks for as long as a call takes. */
@FunctionalInterface
public interface ToolExecution {

    /**
     * Executes a call. What goes wrong in it is a result too.
     *
     * @param stop ends it soon, whatever it answers then
     * @throws org.apache.kafka.common.KafkaException when the log or the indexes are not there in time: another attempt can
     *     succeed
     */
    CallResult execute(ToolRequest request, StopSignal stop);
}
