package io.tailrace.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.run.RunStatus;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chats as runs: created, shown, listed, and not retried. */
class ChatRunsTest {
    @AutoClose
    private static final DecidedGateway DECIDED = DecidedGateway.start();

    private static final TestGateway GATEWAY = DECIDED.gateway();

    private static Answer create(String workspace, String more) {
        return GATEWAY.post("/v1/runs", "{\"workspace\":\"" + workspace + "\",\"kind\":\"chat\"," + more + "}");
    }

    @Test
    void aChatIsShownAsItWasAskedFor() {
        Answer created = create("demo", """
                "title":"Talk","limits":{"stage_deadline_ms":60000},
                "chat":{"provider":"scripted","model":"m","system":"Be brief.","policy":"enqueue","max_queued":3,
                        "idle_timeout_ms":60000,
                        "generation":{"max_output_tokens":9,"temperature":0.25,"top_p":1,"stop":["END"]}}""");

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.text("kind")).isEqualTo("chat");
        assertThat(created.text("status")).isEqualTo("idle");
        assertThat(created.json().get("chat")).isEqualTo(JsonMapper.shared().readTree("""
                {"provider":"scripted","model":"m","policy":"enqueue","max_queued":3,"idle_timeout_ms":60000,
                 "turns":0,"closing":false,"system":"Be brief.",
                 "generation":{"max_output_tokens":9,"temperature":0.25,"top_p":1.0,"stop":["END"]},"recent":[]}"""));
        assertThat(created.json().has("plan")).isFalse();
        assertThat(created.json().get("limits").has("wall_clock_ms")).isFalse();
        assertThat(created.json().get("limits").get("stage_deadline_ms").asInt())
                .isEqualTo(60000);
        RunCommand.CreateRun command = DECIDED.coordinator().taken().stream()
                .filter(it -> it.runId().value().equals(created.text("run_id")))
                .map(it -> (RunCommand.CreateRun) it.payload())
                .findFirst()
                .orElseThrow();
        ChatPlan plan = command.plan().chat().orElseThrow();
        assertThat(plan.system()).contains("Be brief.");
        assertThat(command.plan().steps()).isEmpty();
    }

    @Test
    void theTurnsOfAChatAreShownWithIt() {
        String id = create("demo", "\"chat\":{\"provider\":\"scripted\"}").text("run_id");
        String turn = GATEWAY.post("/v1/runs/" + id + "/turns", "{\"text\":\"hello\"}")
                .text("turn_id");

        JsonNode chat = GATEWAY.get("/v1/runs/" + id).json().get("chat");

        assertThat(chat.get("turns").asInt()).isEqualTo(1);
        assertThat(chat.get("recent").get(0).get("turn_id").asString()).isEqualTo(turn);
        assertThat(chat.get("recent").get(0).get("status").asString()).isEqualTo("running");
    }

    @Test
    void chatsAreListedByKindAndStatusWithoutWhatCanBeLarge() {
        String workspace = "w" + System.nanoTime();
        String id = create(workspace, "\"chat\":{\"provider\":\"scripted\",\"system\":\"long\"}")
                .text("run_id");

        Answer list = GATEWAY.get("/v1/runs?kind=chat&status=idle&workspace=" + workspace);

        assertThat(list.json().get("runs").size()).isEqualTo(1);
        JsonNode chat = list.json().get("runs").get(0);
        assertThat(chat.get("run_id").asString()).isEqualTo(id);
        assertThat(chat.get("chat").get("provider").asString()).isEqualTo("scripted");
        assertThat(chat.get("chat").has("system")).isFalse();
        assertThat(chat.get("chat").has("recent")).isFalse();
        assertThat(GATEWAY.get("/v1/runs?kind=build&workspace=" + workspace)
                        .json()
                        .get("runs")
                        .size())
                .isZero();
    }

    @Test
    void aWholeChatIsNotRetried() {
        String id = create("demo", "\"chat\":{\"provider\":\"scripted\"}").text("run_id");
        DECIDED.coordinator().move(new RunId(id), RunStatus.FAILED);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> GATEWAY.get("/v1/runs/" + id).text("status").equals("failed"));
        Refusal.check(GATEWAY.post("/v1/runs/" + id + "/retry", "{}"), 409, "chat_cannot_be_retried", "");
    }

    @Test
    void aChatIsNoEnvironmentBuild() {
        String id = create("demo", "\"chat\":{\"provider\":\"scripted\"}").text("run_id");
        Refusal.check(GATEWAY.get("/workspaces/demo/configurations/c/builds/" + id + ".1"), 404, "unknown_build", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"kind\":\"chat\"|missing_field|chat",
                "\"kind\":\"chat\",\"plan\":[]|missing_field|chat",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\"},\"plan\":[]|conflicting_fields|plan",
                "\"kind\":\"build\",\"chat\":{\"provider\":\"p\"}|conflicting_fields|chat",
                "\"chat\":{\"provider\":\"p\"}|conflicting_fields|chat",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\"},\"limits\":{\"wall_clock_ms\":1}|conflicting_fields|limits.wall_clock_ms",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\"},\"limits\":[]|wrong_type|limits",
                "\"kind\":\"chat\",\"chat\":7|wrong_type|chat",
                "\"kind\":\"chat\",\"chat\":{}|missing_field|chat.provider",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\",\"policy\":\"x\"}|invalid_value|chat.policy",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\",\"max_queued\":99}|out_of_range|chat.max_queued",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\",\"idle_timeout_ms\":1}|out_of_range|chat.idle_timeout_ms",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\",\"generation\":{\"top_p\":7}}|out_of_range|chat.generation.top_p",
                "\"kind\":\"chat\",\"chat\":{\"provider\":\"p\",\"text\":\"x\"}|unknown_field|chat.text"
            })
    void aBadChatIsNamed(String members, String code, String field) {
        Refusal.check(GATEWAY.post("/v1/runs", "{\"workspace\":\"demo\"," + members + "}"), 400, code, field);
    }
}
