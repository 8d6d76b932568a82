package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.provider.ModelMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolConversationTest {
    private final ToolConversation conversation = new ToolConversation();

    @Test
    void anIdThatWasThereBeforeIsAnotherOneForTheProvider() {
        ModelMessage.Assistant first = said(1, "call_0", "look");
        ModelMessage.Assistant second = said(2, "call_0", "look");

        assertThat(first.toolCalls().getFirst().id()).isEqualTo("call_0");
        assertThat(second.toolCalls().getFirst().id()).isEqualTo("call_0_2");
    }

    @Test
    void aNameThatNoProviderTakesBackIsChanged() {
        assertThat(said(1, "a", "functions.look at:ä").toolCalls().getFirst().name())
                .isEqualTo("functions_look_at__");
        assertThat(said(2, "b", "x".repeat(100)).toolCalls().getFirst().name()).hasSize(64);
        assertThat(said(3, "c", "").toolCalls().getFirst().name()).isEqualTo("unnamed");
    }

    private ModelMessage.Assistant said(int round, String id, String name) {
        List<ModelMessage> told = conversation.told(
                round,
                new AssistantMessage("", Optional.empty(), List.of(new AssistantMessage.ToolCall(id, name, "{}"))),
                List.of(new ToolExecutionCompleted(
                        new ToolCallRef(round, 0, id, name),
                        ToolOutcome.SUCCEEDED,
                        "fine",
                        4,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        false)),
                false);
        ModelMessage.Assistant message = (ModelMessage.Assistant) told.getFirst();
        assertThat(((ModelMessage.ToolResult) told.getLast()).callId())
                .isEqualTo(message.toolCalls().getFirst().id());
        return message;
    }
}
