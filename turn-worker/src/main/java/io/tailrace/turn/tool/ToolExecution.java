package io.tailrace.turn.tool;

import io.tailrace.events.plan.ToolUse;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.tool.ToolServers.Described;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;

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

    /**
     * What a model is told of its tools, in their order. May ask the servers of tools.
     *
     * @param stop ends the asking soon
     */
    default List<ToolDefinition> offer(ToolUse use, StopSignal stop) {
        return ToolOffer.of(use, it -> new Described.Unusable("server_unavailable", "There is no tool server."));
    }
}
