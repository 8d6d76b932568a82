package io.tailrace.turn.provider;

import java.util.List;

/** A message of the conversation, in one shape for all providers. */
public sealed interface ModelMessage {

    String text();

    /** What a person said. */
    record User(String text) implements ModelMessage {}

    /**
     * What the model said before.
     *
     * @param text may be empty where there are tool calls
     * @param toolCalls each is followed by its {@link ToolResult}
     */
    record Assistant(String text, List<ToolInvocation> toolCalls) implements ModelMessage {

        public Assistant {
            toolCalls = List.copyOf(toolCalls);
        }

        /** Without tool calls. */
        public static Assistant of(String text) {
            return new Assistant(text, List.of());
        }
    }

    /**
     * What a tool answered.
     *
     * @param callId of the {@link ToolInvocation}
     * @param error whether the text says what went wrong
     */
    record ToolResult(String callId, String text, boolean error) implements ModelMessage {}
}
