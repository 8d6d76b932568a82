package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.HostPattern;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.gateway.assistant.Draft.DraftTool;
import io.tailrace.gateway.assistant.Draft.DraftTools;
import io.tailrace.gateway.assistant.Toolbox.Complete;
import io.tailrace.gateway.assistant.Toolbox.DefinedTool;
import io.tailrace.gateway.assistant.Toolbox.Searching;
import io.tailrace.gateway.assistant.Toolbox.ToolLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the tools of a prompt, field by field. Confined to one thread. */
final class ToolReader {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,63}");
    private static final String NAME_RULE = "A tool's name has 1 to 64 letters, digits, '_' and '-', a letter first";
    private static final int MAX_DESCRIPTION = 1000;
    private static final String REQUIRED = "required";
    private static final Duration MIN_APPROVAL = Duration.ofSeconds(1);
    private static final String APPROVAL_RULE =
            "It is \"required\", or an object with timeout_ms: how long a person has to answer";
    private static final int MAX_SERVER = 64;
    private static final int MAX_SERVED_TOOL = 128;
    private static final int MAX_HOSTS = 20;
    private static final String HOST_RULE = "It is the name of a host in lower case, with '*.' before it for all below"
            + " it and ':' and a port behind it if need be; without a scheme and without a path";

    private final Findings findings;

    ToolReader(Findings findings) {
        this.findings = findings;
    }

    /** What a tool does. */
    private enum Kind {
        HTTP_GET(Tool.HttpGet.TAG),
        SEARCH(Tool.RepositorySearch.TAG),
        BUILD(Tool.Build.TAG),
        MCP(Tool.Mcp.TAG);

        private final String tag;

        Kind(String tag) {
            this.tag = tag;
        }

        /** The fields by which it is said. */
        Set<String> fields() {
            return Stream.concat(
                            Stream.of("type", "name", "description", "approval"),
                            switch (this) {
                                case HTTP_GET -> Stream.of("hosts", "idempotent");
                                case SEARCH -> KnowledgeReader.FIELDS.stream();
                                case BUILD -> BuildToolReader.FIELDS.stream();
                                case MCP -> Stream.of("server", "tool", "idempotent");
                            })
                    .collect(Collectors.toUnmodifiableSet());
        }

        static Kind of(String path, @Nullable Object tree) throws InvalidInput {
            Fields fields = Fields.of(
                    path,
                    tree,
                    Arrays.stream(values())
                            .flatMap(it -> it.fields().stream())
                            .collect(Collectors.toUnmodifiableSet()));
            String type = fields.string("type", 64).orElseThrow(() -> fields.missing("type"));
            return Arrays.stream(values())
                    .filter(it -> it.tag.equals(type))
                    .findFirst()
                    .orElseThrow(() -> new InvalidInput(
                            "unknown_tool",
                            fields.pathOf("type"),
                            "Known types: "
                                    + String.join(
                                            ", ",
                                            Arrays.stream(values())
                                                    .map(it -> it.tag)
                                                    .toList())));
        }
    }

    /** The fields {@code tools} and {@code tool_limits} of a prompt. */
    Optional<DraftTools> ofPrompt(Fields prompt) {
        if (!prompt.has("tools")) {
            if (prompt.has("tool_limits")) {
                findings.error(
                        prompt.pathOf("tool_limits"), "conflicting_fields", "Only a prompt with tools has this field");
            }
            return Optional.empty();
        }
        if (prompt.raw("tools") instanceof List<?> list && list.isEmpty()) {
            findings.error(prompt.pathOf("tools"), "empty_list", "At least one is needed");
        }
        List<DraftTool> tools = findings.members(prompt, "tools", ToolUse.MAX_TOOLS, this::tool);
        return Optional.of(new DraftTools(tools, limits(prompt)));
    }

    private ToolLimits limits(Fields prompt) {
        Optional<Fields> whole = prompt.has("tool_limits")
                ? findings.attempt(() -> Fields.of(
                        prompt.pathOf("tool_limits"),
                        prompt.raw("tool_limits"),
                        Set.of("max_rounds", "max_calls", "timeout_ms", "max_result_bytes")))
                : Optional.empty();
        return whole.map(it -> new ToolLimits(
                        bound(it, "max_rounds", ToolUse.MAX_ROUNDS, ToolUse.DEFAULT_ROUNDS),
                        bound(it, "max_calls", ToolUse.MAX_CALLS, ToolUse.DEFAULT_CALLS),
                        Duration.ofMillis(bound(
                                it,
                                "timeout_ms",
                                ToolUse.MAX_TIMEOUT_SECONDS * 1000,
                                Math.toIntExact(ToolUse.DEFAULT_TIMEOUT.toMillis()))),
                        bound(it, "max_result_bytes", ToolUse.MAX_RESULT_BYTES, ToolUse.DEFAULT_RESULT_BYTES)))
                .orElse(ToolLimits.DEFAULT);
    }

    private int bound(Fields fields, String name, int max, int otherwise) {
        return findings.maybe(() -> fields.number(name, 1, max))
                .map(Math::toIntExact)
                .orElse(otherwise);
    }

    private DraftTool tool(String path, @Nullable Object tree) {
        Optional<Kind> kind = findings.attempt(() -> Kind.of(path, tree));
        return kind.flatMap(it -> findings.attempt(() -> Fields.of(path, tree, it.fields()))
                        .map(fields -> tool(it, path, fields)))
                .orElseGet(() -> new DraftTool(path, Optional.empty(), Optional.empty()));
    }

    private DraftTool tool(Kind kind, String path, Fields fields) {
        Optional<String> name = findings.attempt(() -> name(kind, fields));
        Optional<String> description = findings.maybe(() -> fields.string("description", MAX_DESCRIPTION))
                .filter(it -> !it.isBlank());
        Optional<Duration> approval = approval(fields);
        Optional<DefinedTool> tool = switch (kind) {
            case HTTP_GET ->
                Optional.of(new Complete(new Tool.HttpGet(
                        name.orElse(""),
                        description,
                        hosts(fields),
                        findings.maybe(() -> fields.flag("idempotent")).orElse(true),
                        approval)));
            case SEARCH ->
                Optional.of(new Searching(
                        name.orElse(""), description, new KnowledgeReader(findings).read(fields), approval));
            case BUILD ->
                new BuildToolReader(findings)
                        .read(fields, name.orElse(""), description, approval)
                        .map(Complete::new);
            case MCP -> served(fields, name.orElse(""), description, approval).map(Complete::new);
        };
        return new DraftTool(path, name, tool);
    }

    /** Without one of its own, a tool is called as its type is, and one of a server as it is called there. */
    private static String name(Kind kind, Fields fields) throws InvalidInput {
        Optional<String> given = fields.name("name", NAME, NAME_RULE);
        if (given.isPresent() || kind != Kind.MCP) {
            return given.orElse(kind.tag);
        }
        // What is wrong with the tool's name there is said of that field.
        String there = fields.raw("tool") instanceof String text ? text : kind.tag;
        if (!NAME.matcher(there).matches()) {
            throw new InvalidInput(
                    "missing_field",
                    fields.pathOf("name"),
                    "It is required, because models cannot call it as the server does. " + NAME_RULE);
        }
        return there;
    }

    private Optional<Tool> served(
            Fields fields, String name, Optional<String> description, Optional<Duration> approval) {
        Optional<String> server =
                findings.attempt(() -> fields.text("server", MAX_SERVER).orElseThrow(() -> fields.missing("server")));
        Optional<String> tool =
                findings.attempt(() -> fields.text("tool", MAX_SERVED_TOOL).orElseThrow(() -> fields.missing("tool")));
        boolean idempotent = findings.maybe(() -> fields.flag("idempotent")).orElse(false);
        return server.isPresent() && tool.isPresent()
                ? Optional.of(new Tool.Mcp(name, description, server.get(), tool.get(), idempotent, approval))
                : Optional.empty();
    }

    /** Whether, and how long, a person is asked before a call. */
    private Optional<Duration> approval(Fields tool) {
        if (!tool.has("approval")) {
            return Optional.empty();
        }
        String path = tool.pathOf("approval");
        return findings.attempt(() -> {
            if (tool.raw("approval") instanceof String text) {
                if (!text.equals(REQUIRED)) {
                    throw new InvalidInput("invalid_value", path, APPROVAL_RULE);
                }
                return Tool.DEFAULT_APPROVAL;
            }
            if (!(tool.raw("approval") instanceof Map<?, ?>)) {
                throw new InvalidInput("wrong_type", path, APPROVAL_RULE);
            }
            Fields approval = Fields.of(path, tool.raw("approval"), Set.of("timeout_ms"));
            return approval.number("timeout_ms", MIN_APPROVAL.toMillis(), Tool.MAX_APPROVAL.toMillis())
                    .map(Duration::ofMillis)
                    .orElse(Tool.DEFAULT_APPROVAL);
        });
    }

    private List<String> hosts(Fields fields) {
        if (!fields.has("hosts")) {
            findings.error(fields.pathOf("hosts"), "missing_field", "It is required");
        } else if (fields.raw("hosts") instanceof List<?> list && list.isEmpty()) {
            findings.error(fields.pathOf("hosts"), "empty_list", "At least one is needed");
        }
        Set<String> seen = new HashSet<>();
        return findings
                .members(fields, "hosts", MAX_HOSTS, (path, host) -> findings.attempt(() -> host(path, host, seen)))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static String host(String path, @Nullable Object given, Set<String> seen) throws InvalidInput {
        if (!(given instanceof String host)) {
            throw new InvalidInput("wrong_type", path, "It must be a text");
        }
        if (HostPattern.of(host).filter(it -> !it.isIpv6()).isEmpty()) {
            throw new InvalidInput("invalid_value", path, HOST_RULE);
        }
        if (!seen.add(host)) {
            throw new InvalidInput("duplicate_name", path, "Another host is the same");
        }
        return host;
    }
}
