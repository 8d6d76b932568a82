package io.tailrace.gateway.chat;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.AssistantMessage.ToolCall;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.ToolCallPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An answer that grows by deltas. Confined to one thread. */
final class AnswerFold {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();

    /** A tool call whose arguments are still being written. */
    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    /** Begins anew: with a message that was written down whole, or with nothing. */
    void replace(AssistantMessage message) {
        text.setLength(0);
        reasoning.setLength(0);
        calls.clear();
        text.append(message.text());
        message.reasoning().ifPresent(reasoning::append);
        for (ToolCall given : message.toolCalls()) {
            Call call = new Call();
            call.id = given.id();
            call.name = given.name();
            call.arguments.append(given.arguments());
            calls.add(call);
        }
    }

    void add(Delta delta) {
        switch (delta.kind()) {
            case TEXT -> text.append(delta.text());
            case REASONING -> reasoning.append(delta.text());
            case TOOL_CALL -> delta.toolCall().ifPresent(part -> add(part, delta.text()));
        }
    }

    private void add(ToolCallPart part, String arguments) {
        // Indexes come in order; one that leaves some out is the next, whatever it says.
        int index = Math.clamp(part.index(), 0, calls.size());
        if (index == calls.size()) {
            calls.add(new Call());
        }
        Call call = calls.get(index);
        call.id = part.id().orElse(call.id);
        call.name = part.name().orElse(call.name);
        call.arguments.append(arguments);
    }

    AssistantMessage message() {
        return new AssistantMessage(
                text.toString(),
                reasoning.isEmpty() ? Optional.empty() : Optional.of(reasoning.toString()),
                calls.stream()
                        .map(it -> new ToolCall(it.id, it.name, it.arguments.toString()))
                        .toList());
    }

    /** How many characters it has, about. */
    int length() {
        return text.length()
                + reasoning.length()
                + calls.stream().mapToInt(it -> it.arguments.length()).sum();
    }
}
