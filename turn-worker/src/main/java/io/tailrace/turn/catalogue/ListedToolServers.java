package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.ToolServerCatalogue.ListedServer;
import io.tailrace.events.definition.ToolServerCatalogue.ListedTool;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.tool.ToolServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A worker's servers of tools in the words of the catalogue, in a record of bounded size. Pure. */
final class ListedToolServers {
    static final int MAX_DESCRIPTION = 200;
    private static final int MAX_FAILURE = 500;

    /** Of all names and descriptions together, in UTF-16 units: below a record's bound whatever they are written in. */
    static final int MAX_TOTAL = 150_000;

    private int left = MAX_TOTAL;

    private ListedToolServers() {}

    /** In the same order. What is beyond the bound has no descriptions, and then no tools. */
    static List<ListedServer> of(List<ToolServers.Listed> servers) {
        ListedToolServers listed = new ListedToolServers();
        return servers.stream().map(listed::server).toList();
    }

    private ListedServer server(ToolServers.Listed server) {
        List<ListedTool> tools = new ArrayList<>();
        for (ToolServers.ListedTool tool : server.tools()) {
            Optional<String> description = tool.description()
                    .map(it -> Excerpt.of(it, MAX_DESCRIPTION))
                    .filter(it -> it.length() < left / 2);
            int length = tool.name().length() + description.map(String::length).orElse(0);
            if (length > left) {
                break;
            }
            left -= length;
            tools.add(new ListedTool(tool.name(), description));
        }
        return new ListedServer(server.id(), server.failure().map(it -> Excerpt.of(it, MAX_FAILURE)), tools);
    }
}
