package io.tailrace.gateway.execution;

import io.tailrace.events.id.WireName;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The events of the contract. */
enum ExecutionEventType implements WireName {
    EXECUTION_START("execution-start"),
    EXECUTION_COMPLETE("execution-complete"),
    EXECUTION_ERROR("execution-error"),
    PROMPT_START("prompt-start"),
    PROMPT_COMPLETE("prompt-complete"),
    KNOWLEDGE_RETRIEVAL_START("knowledge-retrieval-start"),
    KNOWLEDGE_RETRIEVED("knowledge-retrieved"),
    VARIABLE_SUBSTITUTION("variable-substitution"),
    TOOL_EXECUTION_START("tool-execution-start"),
    TOOL_EXECUTION_COMPLETE("tool-execution-complete"),
    PROGRESS("progress");

    private static final Map<String, ExecutionEventType> BY_NAME = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(ExecutionEventType::wireName, Function.identity()));

    private final String wireName;

    ExecutionEventType(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** The type with this name. */
    static Optional<ExecutionEventType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
