package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.provider.testing.AiMock;
import io.tailrace.turn.provider.wire.WireFormat;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A turn with tools against a server of models that is not ours, in each format: two calls in one answer, whose arguments come in pieces;
 * then a tool that the model has invented; then an answer. The server goes on only if it understands the results.
 */
@Timeout(120)
class ToolRoundsWireTest {

    @ParameterizedTest
    @EnumSource(WireFormat.class)
    void roundsGoOnUntilTheModelAnswers(WireFormat format) throws Exception {
        try (ToolTurns turn = new ToolTurns(format.variables(), format.definition(AiMock.url()))) {
            turn.provider = "mock";
            turn.question = "scenario rounds.";

            turn.execute();

            SaidFacts said = turn.log;
            assertThat(said.last()).as("%s", said.last()).isInstanceOf(TurnFact.TurnCompleted.class);
            assertThat(((TurnFact.TurnCompleted) said.last())
                            .content()
                            .message()
                            .text())
                    .isEqualTo("It is warm, and the shop is open.");
            assertThat(said.of(TurnFact.ToolCallsRequested.class))
                    .extracting(TurnFact.ToolCallsRequested::round)
                    .containsExactly(1, 2);
            AssistantMessage first =
                    said.of(TurnFact.ToolCallsRequested.class).getFirst().message();
            assertThat(first.text()).isEqualTo("Let me look.");
            assertThat(first.toolCalls())
                    .extracting(AssistantMessage.ToolCall::name)
                    .containsExactly("get", "look_up");
            assertThat(turn.executed)
                    .extracting(it -> it.tool().name() + " " + it.argument())
                    .containsExactlyInAnyOrder("get http://example.org/weather", "look_up opening hours");
            assertThat(said.of(ToolExecutionCompleted.class))
                    .extracting(it -> it.call().tool() + " " + it.outcome())
                    .containsExactlyInAnyOrder(
                            "get " + ToolOutcome.SUCCEEDED,
                            "look_up " + ToolOutcome.SUCCEEDED,
                            "imagine " + ToolOutcome.REFUSED);
            assertThat(said.of(TurnFact.TurnUsage.class)).hasSize(3);
        }
    }
}
