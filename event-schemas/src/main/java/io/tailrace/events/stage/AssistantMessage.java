package io.tailrace.events.stage;

import io.tailrace.events.id.AvroName;
import java.util.List;
import java.util.Optional;

/**
 * What a model answered.
 *
 * @param reasoning what it showed of its reasoning
 * @param toolCalls what it asked for
 */
@AvroName(namespace = "io.tailrace.events.turn")
public record AssistantMessage(String text, Optional<String> reasoning, List<ToolCall> toolCalls) {
    /** No answer. */
    public static final AssistantMessage EMPTY = new AssistantMessage("", Optional.empty(), List.of());

    public AssistantMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /**
     * A call that a model asked for.
     *
     * @param arguments JSON, as the model wrote it; not checked
     */
    public record ToolCall(String id, String name, String arguments) {}

    /** Whether there is nothing of it. */
    public boolean isEmpty() {
        return text.isEmpty() && reasoning.isEmpty() && toolCalls.isEmpty();
    }
}
