package io.tailrace.turn.tool;

import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Optional;

/** Servers that the operator named, whose tools models may call. Safe from any thread; blocks, within bounds. */
public interface ToolServers {

    /**
     * A call of a server's tool.
     *
     * @param server by the operator's name
     * @param tool by the server's name
     * @param arguments a JSON object, as text
     * @param idempotencyKey the same for each execution of the same call, and for no other call
     */
    record Call(String server, String tool, String arguments, String idempotencyKey) {}

    /** What a server says of one of its tools. */
    sealed interface Described {
        /**
         * It can be called.
         *
         * @param schema of its arguments, a JSON Schema of an object
         */
        record Usable(Optional<String> description, String schema) implements Described {}

        /**
         * It cannot be called now, or not at all.
         *
         * @param code stable, snake_case
         */
        record Unusable(String code, String reason) implements Described {}
    }

    /**
     * A server and its tools.
     *
     * @param failure why its tools are not known
     */
    record Listed(String id, Optional<String> failure, List<ListedTool> tools) {
        public Listed {
            tools = List.copyOf(tools);
        }
    }

    /**
     * One of its tools.
     *
     * @param description the server's words
     */
    record ListedTool(String name, Optional<String> description) {}

    /** Asks the server, if it was not asked before. */
    Described describe(String server, String tool, StopSignal stop);

    /** Executes a call. What goes wrong in it is a result too; a stop cancels it at the server. */
    CallResult call(Call call, StopSignal stop);

    /** Asks all servers for their tools; in the operator's order. */
    List<Listed> list();
}
