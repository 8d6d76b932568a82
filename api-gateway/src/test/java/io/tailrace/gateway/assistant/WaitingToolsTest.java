package io.tailrace.gateway.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.Tool;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.ScriptedToolServers;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools that wait for a person, that are builds, or that are of a server: read from definitions, and given to runs. */
class WaitingToolsTest {
    private static final String MAKE = """
            {"type":"build","name":"make","description":"Builds it","recipe":"commands","definition":"hello",
             "parameters":[{"name":"target","description":"What to make"},{"name":"notes","required":false}],
             "inputs":[{"from":"target","variable":"TARGET"},{"from":"notes","file":"notes/all.txt"}],
             "approval":{"timeout_ms":60000}}""";
    private static final String READ = """
            {"type":"mcp","server":"files","tool":"read_file","idempotent":true,"approval":"required"}""";
    private static final String GET = """
            {"type":"http_get","name":"get","hosts":["a.example"],"approval":{}}""";

    private static TestGateway gateway;
    private static ScriptedCoordinator coordinator;
    private static int names;

    @BeforeAll
    static void start() {
        String brokers = TestKafka.shared().bootstrapServers();
        gateway = TestGateway.start();
        ScriptedProviders.record(brokers, "worker", ScriptedProviders.scripted(), ScriptedProviders.company());
        ScriptedToolServers.record(brokers, "worker", ScriptedToolServers.files(), ScriptedToolServers.gone());
        coordinator = new ScriptedCoordinator(brokers, TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        gateway.close();
    }

    private static String name() {
        return "w" + System.nanoTime() + "-" + names++;
    }

    private static String document(String tools) {
        return "{\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\"Hello?\",\"provider\":\"scripted\","
                + "\"model\":\"scripted-1\",\"tools\":[" + tools + "]}]}";
    }

    private static Answer put(String name, String tools) {
        return gateway.send("PUT", "/v1/assistants/" + name, document(tools), "Content-Type", "application/json");
    }

    private static List<String> errors(Answer answer) {
        List<String> found = new ArrayList<>();
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        answer.json()
                .get("errors")
                .forEach(it -> found.add(
                        it.get("path").asString() + " " + it.get("code").asString()));
        return found;
    }

    private static final String BUILD = "{\"type\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"%s}";
    private static final String MCP = "{\"type\":\"mcp\",\"server\":\"files\",\"tool\":\"read_file\"%s}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"approval\":\"maybe\" | approval | invalid_value",
                "\"approval\":true | approval | wrong_type",
                "\"approval\":[] | approval | wrong_type",
                "\"approval\":{\"timeout_ms\":999} | approval.timeout_ms | out_of_range",
                "\"approval\":{\"timeout_ms\":604800001} | approval.timeout_ms | out_of_range",
                "\"approval\":{\"timeout\":1} | approval.timeout | unknown_field",
                "\"idempotent\":true | idempotent | unknown_field",
                "\"hosts\":[] | hosts | unknown_field",
                "\"configuration\":\"c\" | configuration | unknown_field",
                "\"phases\":[] | phases | conflicting_fields",
                "\"parameters\":{} | parameters | wrong_type",
                "\"parameters\":[7] | parameters[0] | wrong_type",
                "\"parameters\":[{}] | parameters[0].name | missing_field",
                "\"parameters\":[{\"name\":\"A\"}] | parameters[0].name | invalid_value",
                "\"parameters\":[{\"name\":\"a\",\"type\":\"text\"}] | parameters[0].type | unknown_field",
                "\"parameters\":[{\"name\":\"a\",\"required\":\"no\"}] | parameters[0].required | wrong_type",
                "\"parameters\":[{\"name\":\"a\"},{\"name\":\"a\"}] | parameters[1].name | duplicate_name",
                "\"inputs\":[{\"from\":\"a\",\"file\":\"f\"}] | inputs[0].from | unknown_parameter",
                "\"inputs\":[{\"from\":\"a\"}] | inputs[0].file | missing_field",
                "\"inputs\":[{\"from\":\"a\",\"variable\":\"PATH\"}] | inputs[0].variable | invalid_value",
                "\"inputs\":[{\"from\":\"a\",\"file\":\"../f\"}] | inputs[0].file | invalid_value"
            })
    void whatIsWrongWithABuildIsFoundWithItsPath(String field, String path, String code) {
        assertThat(errors(put(name(), BUILD.formatted("," + field))))
                .containsExactly("prompts[0].tools[0]." + path + " " + code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"build\"} | recipe | missing_field",
                "{\"type\":\"build\",\"recipe\":\"python-env\",\"definition\":\"python\"} | recipe | unknown_recipe",
                "{\"type\":\"build\",\"recipe\":\"make\"} | recipe | unknown_recipe",
                "{\"type\":\"build\",\"recipe\":\"commands\"} | definition | missing_field",
                "{\"type\":\"build\",\"recipe\":\"commands\",\"definition\":\"nix\"} | definition | unknown_definition",
                "{\"type\":\"build\",\"recipe\":\"commands\",\"definition\":\"../x\"} | definition | invalid_value",
                "{\"type\":\"build\",\"recipe\":\"commands\",\"definition\":\"python\"} | definition | definition_of_another_recipe",
                "{\"type\":\"build\",\"recipe\":\"commands\",\"phases\":[{\"name\":\"a\",\"argv\":[\"x\"]}]} | phases | adhoc_phases_disabled",
                "{\"type\":\"mcp\",\"tool\":\"read_file\"} | server | missing_field",
                "{\"type\":\"mcp\",\"server\":\"files\"} | tool | missing_field",
                "{\"type\":\"mcp\",\"server\":7,\"tool\":\"read_file\"} | server | wrong_type",
                "{\"type\":\"mcp\",\"server\":\"files\",\"tool\":\"read_file\",\"hosts\":[]} | hosts | unknown_field",
                "{\"type\":\"mcp\",\"server\":\"files\",\"tool\":\"read_file\",\"idempotent\":1} | idempotent | wrong_type"
            })
    void whatATypeNeedsIsFoundWithItsPath(String tool, String path, String code) {
        assertThat(errors(put(name(), tool))).containsExactly("prompts[0].tools[0]." + path + " " + code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"required\"", "{}", "{\"timeout_ms\":1000}", "{\"timeout_ms\":604800000}"})
    void everyKindOfToolMayAskBeforeACall(String approval) {
        String tools = String.join(
                ",",
                BUILD.formatted(",\"approval\":" + approval),
                MCP.formatted(",\"approval\":" + approval),
                GET.replace("{}", approval));
        Answer stored = put(name(), tools);
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    }

    @Test
    void allThatIsWrongIsInOneAnswer() {
        assertThat(errors(put(name(), """
                        {"type":"build","recipe":"make","parameters":[{"name":"a"},{"name":"A"}],
                         "inputs":[{"from":"b","file":"f"}],"approval":7},
                        {"type":"mcp","server":"nix","tool":"x","idempotent":7,"approval":"no"},
                        {"type":"mcp","server":"files","tool":"x"}""")))
                .containsExactlyInAnyOrder(
                        "prompts[0].tools[0].recipe unknown_recipe",
                        "prompts[0].tools[0].parameters[1].name invalid_value",
                        "prompts[0].tools[0].inputs[0].from unknown_parameter",
                        "prompts[0].tools[0].approval wrong_type",
                        "prompts[0].tools[1].server unknown_server",
                        "prompts[0].tools[1].idempotent wrong_type",
                        "prompts[0].tools[1].approval invalid_value",
                        "prompts[0].tools[2].tool unknown_server_tool",
                        "prompts[0].tools[2].name duplicate_name");
    }

    @Test
    void aToolOfAServerIsCalledAsItIsThere() {
        assertThat(errors(put(name(), MCP.formatted("") + "," + MCP.formatted(""))))
                .containsExactly("prompts[0].tools[1].name duplicate_name");
    }

    @Test
    void theLogIsToldAllThatTheToolsNeed() throws Exception {
        String name = name();
        Answer stored = put(name, String.join(",", MAKE, READ, GET));
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        JsonNode shown = gateway.get("/v1/assistants/" + name).json();
        assertThat(shown.get("definition"))
                .isEqualTo(JsonMapper.shared().readTree(document(String.join(",", MAKE, READ, GET))));
        Answer made = gateway.post(
                "/v1/runs", "{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"" + name + "\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        PromptStep step = (PromptStep) gateway.context()
                .getBean(RunDirectory.class)
                .require(new RunId(made.text("run_id")))
                .plan()
                .steps()
                .getFirst();
        assertThat(step.toolUse().orElseThrow().tools())
                .containsExactly(
                        new Tool.Build(
                                "make",
                                Optional.of("Builds it"),
                                new BuildStep(
                                        "commands",
                                        Optional.of("hello"),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(List.of(
                                                new StepInput.VariableInput("target", "TARGET"),
                                                new StepInput.FileInput("notes", "notes/all.txt")))),
                                List.of(
                                        new Tool.Parameter("target", Optional.of("What to make"), true),
                                        new Tool.Parameter("notes", Optional.empty(), false)),
                                Optional.of(Duration.ofMinutes(1))),
                        new Tool.Mcp(
                                "read_file",
                                Optional.empty(),
                                "files",
                                "read_file",
                                true,
                                Optional.of(Duration.ofHours(1))),
                        new Tool.HttpGet(
                                "get", Optional.empty(), List.of("a.example"), true, Optional.of(Duration.ofHours(1))));
        assertThat(made.json().at("/steps/0/tools").toString()).isEqualTo("[\"make\",\"read_file\",\"get\"]");
    }

    @Test
    void aCheckShowsToolsAsTheyAreWritten() {
        String name = name();
        put(name, String.join(",", MAKE, READ, GET));
        JsonNode tools =
                gateway.post("/v1/assistants/" + name + "/check", "{}").json().at("/prompts/0/tools");
        assertThat(tools.get(0))
                .isEqualTo(JsonMapper.shared()
                        .readTree(MAKE.replace(
                                "{\"name\":\"target\",\"description\":\"What to make\"}",
                                "{\"name\":\"target\",\"description\":\"What to make\",\"required\":true}")));
        assertThat(tools.get(1).at("/approval/timeout_ms").asLong()).isEqualTo(3_600_000);
        assertThat(tools.get(1).get("name").asString()).isEqualTo("read_file");
    }
}
