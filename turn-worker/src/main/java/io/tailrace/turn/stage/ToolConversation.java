package io.tailrace.turn.stage;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.AssistantMessage.ToolCall;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ToolInvocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a model is told of the rounds of its turn; it follows from what is recorded of them. Names and ids that a provider
 * would not take back are changed here, and stand in the log as the model wrote them. Used for one turn, round by round.
 */
final class ToolConversation {
    private static final int MAX_NAME = 64;

    private final Set<String> ids = new HashSet<>();

    /**
     * The model's message and a result for each of its calls.
     *
     * @param ended in the order of the calls
     * @param last whether no calls are left after it
     */
    List<ModelMessage> told(int round, AssistantMessage message, List<ToolExecutionCompleted> ended, boolean last) {
        List<ToolInvocation> calls = new ArrayList<>();
        for (ToolCall call : message.toolCalls()) {
            calls.add(new ToolInvocation(unique(call.id(), round), name(call.name()), call.arguments()));
        }
        List<ModelMessage> told = new ArrayList<>();
        told.add(new ModelMessage.Assistant(message.text(), calls));
        for (int i = 0; i < ended.size(); i++) {
            ToolExecutionCompleted call = ended.get(i);
            StringBuilder text = new StringBuilder(call.result());
            call.warning().ifPresent(it -> text.append("\n\n[").append(it).append(']'));
            if (last && i == ended.size() - 1) {
                text.append("\n\n[No calls of tools are left. Answer now with what you have.]");
            }
            told.add(new ModelMessage.ToolResult(
                    calls.get(i).id(), text.toString(), call.outcome() != ToolOutcome.SUCCEEDED));
        }
        return told;
    }

    /** Servers that give no ids have the same made up for each round. */
    private String unique(String id, int round) {
        String free = id;
        while (!ids.add(free)) {
            free += "_" + round;
        }
        return free;
    }

    /** A model may call what nobody offered, by a name that no provider takes back. */
    private static String name(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.isEmpty() ? "unnamed" : safe.substring(0, Math.min(MAX_NAME, safe.length()));
    }

    /** An estimate. */
    static long tokens(List<ModelMessage> messages) {
        return messages.stream().mapToLong(ToolConversation::tokens).sum();
    }

    private static long tokens(ModelMessage message) {
        long characters = message.text().length();
        if (message instanceof ModelMessage.Assistant assistant) {
            for (ToolInvocation call : assistant.toolCalls()) {
                characters += call.id().length()
                        + call.name().length()
                        + call.arguments().length();
            }
        }
        return ContextBuilder.tokensOf(characters);
    }
}
