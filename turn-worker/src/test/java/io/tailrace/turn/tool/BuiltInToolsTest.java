package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.stage.TurnFact.KnowledgeRetrieved;
import io.tailrace.events.stage.TurnFact.RetrievedChunk;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.knowledge.RefusedRetrievals;
import io.tailrace.turn.knowledge.Retrieved;
import io.tailrace.worker.attempt.StopSignal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class BuiltInToolsTest {
    private static final Retrieval HANDBOOK = new Retrieval(
            List.of(new Retrieval.Source(7, "handbook", 1, new Shape("english", Optional.empty(), 100), 12)),
            Retrieval.SearchType.KEYWORD,
            8,
            2000);
    private static final Tool SEARCH = new Tool.RepositorySearch("look_up", Optional.empty(), HANDBOOK);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> asked = new ArrayList<>();

    @Test
    void passagesAreToldWithTheirScores() {
        Retrieved found = new Retrieved(
                new KnowledgeRetrieved(
                        List.of(
                                new RetrievedChunk(7, "tides", 12, 0, 0, 10, 0.75),
                                new RetrievedChunk(7, "moon", 12, 0, 0, 10, 0.5)),
                        2,
                        0.6,
                        20),
                List.of("[1] Tides\nHigh and low.", "[2] Moon\nRound."));

        CallResult result = search((workspace, retrieval, question, _, _) -> {
            asked.add(workspace.value() + " " + retrieval.equals(HANDBOOK) + " " + question);
            return Optional.of(found);
        });

        assertThat(result)
                .isEqualTo(CallResult.succeeded(
                        "[1] Tides\nHigh and low.\n(score 0.75)\n\n[2] Moon\nRound.\n(score 0.50)"));
        assertThat(asked).containsExactly("demo true what moves the sea?");
        assertThat(registry.get("tailrace.turns.tool.calls")
                        .tags("tool", "search", "outcome", "succeeded")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("tailrace.turns.tool.call").timer().count()).isEqualTo(1);
    }

    @Test
    void nothingThatWasFoundIsASuccessThatSaysSo() {
        CallResult result = search(
                (_, _, _, _, _) -> Optional.of(new Retrieved(new KnowledgeRetrieved(List.of(), 0, 0, 0), List.of())));

        assertThat(result.outcome()).isEqualTo(ToolOutcome.SUCCEEDED);
        assertThat(result.text()).contains("Nothing was found");
    }

    @Test
    void aRetrievalThatIsRefusedFailsWithItsCode() {
        CallResult result = search((_, _, _, _, _) -> {
            throw RefusedRetrievals.unknownModel();
        });

        assertThat(result.outcome()).isEqualTo(ToolOutcome.FAILED);
        assertThat(result.code()).contains("embedding_model_unknown");
    }

    @Test
    void troubleOfTheLogIsNoResult() {
        assertThatThrownBy(() -> search((_, _, _, _, _) -> {
                    throw new TimeoutException("for a test");
                }))
                .isInstanceOf(TimeoutException.class);
        assertThat(registry.get("tailrace.turns.tool.calls")
                        .tags("outcome", "given_back")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aFaultOfOursIsAFailureOfTheCall() {
        CallResult result = search((_, _, _, _, _) -> {
            throw new IllegalStateException("for a test");
        });

        assertThat(result.code()).contains("tool_fault");
        assertThat(result.text()).doesNotContain("for a test");
    }

    private CallResult search(Knowledge knowledge) {
        ToolSettings settings = new ToolSettings(List.of(), List.of(), null, null);
        try (BuiltInTools tools = new BuiltInTools(
                new HttpGetTool(settings, InetAddress::getAllByName),
                knowledge,
                new NoServers(),
                System::nanoTime,
                registry)) {
            return tools.execute(
                    new ToolRequest(SEARCH, "what moves the sea?", new WorkspaceId("demo"), "r-1.1/1/0", 16_384),
                    new StopSignal());
        }
    }
}
