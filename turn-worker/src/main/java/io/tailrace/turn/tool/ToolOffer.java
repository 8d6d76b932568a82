package io.tailrace.turn.tool;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.tool.ToolServers.Described;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a model is told of its tools. Pure. */
public final class ToolOffer {
    static final String URL = "url";
    static final String QUERY = "query";

    private ToolOffer() {}

    /**
     * The definitions, in the order of the tools.
     *
     * @param servers what a server says of its tool
     */
    static List<ToolDefinition> of(ToolUse use, Function<Tool.Mcp, Described> servers) {
        return use.tools().stream().map(it -> definition(it, servers)).toList();
    }

    private static ToolDefinition definition(Tool tool, Function<Tool.Mcp, Described> servers) {
        return switch (tool) {
            case Tool.HttpGet _, Tool.RepositorySearch _, Tool.Build _ -> ours(tool);
            case Tool.Mcp mcp -> theirs(mcp, servers.apply(mcp));
        };
    }

    /** One that cannot be used is there all the same, so that a turn goes on without it. */
    private static ToolDefinition theirs(Tool.Mcp tool, Described described) {
        return switch (described) {
            case Described.Usable usable -> new ToolDefinition(tool.name(), description(tool, usable), usable.schema());
            case Described.Unusable unusable ->
                new ToolDefinition(
                        tool.name(),
                        "Cannot be used now; do not call it. " + unusable.reason(),
                        "{\"type\":\"object\",\"properties\":{}}");
        };
    }

    /** The server's words and the author's; never none, which a provider could refuse. */
    private static String description(Tool.Mcp tool, Described.Usable usable) {
        String words = Stream.of(usable.description(), tool.description())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        return words.isBlank() ? "The tool " + tool.tool() + " of the server " + tool.server() + "." : words;
    }

    private static ToolDefinition ours(Tool tool) {
        String ours = switch (tool) {
            case Tool.HttpGet get ->
                "Fetches a text (HTML, JSON, XML, plain) from an address by HTTP GET. Hosts: "
                        + String.join(", ", get.hosts()) + ".";
            case Tool.RepositorySearch _ ->
                "Searches knowledge repositories and answers with the passages that fit best, each with its document.";
            case Tool.Build _ ->
                "Runs a build with these parameters, and answers with how it ended and what it printed last.";
            case Tool.Mcp _ -> "";
        };
        String parameters = switch (tool) {
            case Tool.HttpGet _ -> oneText(URL, "The address, http or https, with its host.");
            case Tool.RepositorySearch _ -> oneText(QUERY, "What is searched for, as a question or in a few words.");
            case Tool.Build build -> texts(build.parameters());
            case Tool.Mcp _ -> "{\"type\":\"object\"}";
        };
        return new ToolDefinition(
                tool.name(), tool.description().map(it -> ours + " " + it).orElse(ours), parameters);
    }

    private static String texts(List<Tool.Parameter> parameters) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (Tool.Parameter parameter : parameters) {
            ObjectNode property = properties.putObject(parameter.name()).put("type", "string");
            parameter.description().ifPresent(it -> property.put("description", it));
        }
        ArrayNode required = schema.putArray("required");
        parameters.stream().filter(Tool.Parameter::required).forEach(it -> required.add(it.name()));
        return schema.put("additionalProperties", false).toString();
    }

    private static String oneText(String name, String description) {
        return "{\"type\":\"object\",\"properties\":{\"" + name + "\":{\"type\":\"string\",\"description\":\""
                + description + "\"}},\"required\":[\"" + name + "\"],\"additionalProperties\":false}";
    }
}
