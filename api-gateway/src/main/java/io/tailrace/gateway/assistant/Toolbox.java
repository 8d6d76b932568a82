package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The tools of a prompt as their author defined them: without the versions of the repositories that they search. Immutable.
 *
 * @param tools at least one, each name once
 */
record Toolbox(List<DefinedTool> tools, ToolLimits limits) {
    Toolbox {
        tools = List.copyOf(tools);
    }

    /** A tool. */
    sealed interface DefinedTool permits Complete, Searching {
        String name();
    }

    /** It needs nothing but what its author said. */
    record Complete(Tool tool) implements DefinedTool {
        @Override
        public String name() {
            return tool.name();
        }
    }

    /** It searches repositories. */
    record Searching(String name, Optional<String> description, Knowledge knowledge, Optional<Duration> approval)
            implements DefinedTool {}

    /** How much of its tools a prompt may use; bounds and defaults are those of {@link ToolUse}. */
    record ToolLimits(int maxRounds, int maxCalls, Duration timeout, int maxResultBytes) {
        static final ToolLimits DEFAULT = new ToolLimits(
                ToolUse.DEFAULT_ROUNDS, ToolUse.DEFAULT_CALLS, ToolUse.DEFAULT_TIMEOUT, ToolUse.DEFAULT_RESULT_BYTES);
    }

    /** Those of a plan, to be pinned anew. */
    static Toolbox of(ToolUse planned) {
        return new Toolbox(
                planned.tools().stream().map(Toolbox::defined).toList(),
                new ToolLimits(planned.maxRounds(), planned.maxCalls(), planned.timeout(), planned.maxResultBytes()));
    }

    private static DefinedTool defined(Tool planned) {
        return switch (planned) {
            case Tool.HttpGet _, Tool.Build _, Tool.Mcp _ -> new Complete(planned);
            case Tool.RepositorySearch search ->
                new Searching(search.name(), search.description(), Knowledge.of(search.retrieval()), search.approval());
        };
    }

    /** What its tools search. */
    List<Knowledge> searched() {
        return tools.stream()
                .<Knowledge>mapMulti((tool, into) -> {
                    if (tool instanceof Searching searching) {
                        into.accept(searching.knowledge());
                    }
                })
                .toList();
    }

    /** What a run gets of it, with the repositories at these versions. */
    ToolUse pinned(KnowledgePins pins) {
        return new ToolUse(
                tools.stream().map(it -> pinned(it, pins)).toList(),
                limits.maxRounds(),
                limits.maxCalls(),
                limits.timeout(),
                limits.maxResultBytes());
    }

    private static Tool pinned(DefinedTool tool, KnowledgePins pins) {
        return switch (tool) {
            case Complete(Tool complete) -> complete;
            case Searching(
                    String name,
                    Optional<String> description,
                    Knowledge knowledge,
                    Optional<Duration> approval) ->
                new Tool.RepositorySearch(name, description, pins.retrieval(knowledge), approval);
        };
    }
}
