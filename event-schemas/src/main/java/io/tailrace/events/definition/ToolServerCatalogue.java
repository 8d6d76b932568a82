package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * The servers of tools that turn-workers have, which speak the Model Context Protocol: all of them in one record, which a worker
 * replaces whole when it finds others. Holds nothing of how they are reached.
 *
 * @param recordedBy the worker that found them so
 * @param servers in the worker's order
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record ToolServerCatalogue(WorkerId recordedBy, List<ListedServer> servers) implements Definition.Resource {

    public ToolServerCatalogue {
        servers = List.copyOf(servers);
    }

    /**
     * A server.
     *
     * @param id its name in the operator's file
     * @param failure why its tools are not known
     * @param tools in the server's order; empty if they are not known
     */
    public record ListedServer(String id, Optional<String> failure, List<ListedTool> tools) {
        public ListedServer {
            tools = List.copyOf(tools);
        }
    }

    /**
     * A tool of a server.
     *
     * @param name by which the server knows it
     * @param description the server's, cut off where it is long
     */
    public record ListedTool(String name, Optional<String> description) {}
}
