package io.tailrace.cli.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.cli.sse.ScriptedServer;
import io.tailrace.cli.sse.ScriptedServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tailrace assistants} and {@code tailrace ask}, at a gateway that answers as it was told. */
class AssistantsCommandTest {
    private static final String DEFINITION =
            "{\"inputs\":[{\"name\":\"n\",\"type\":\"integer\"},{\"name\":\"b\",\"type\":\"boolean\"},{\"name\":\"t\"}],"
                    + "\"prompts\":[{}]}";
    private static final String ASSISTANT =
            "{\"name\":\"report\",\"version\":3,\"definition\":" + DEFINITION + ",\"warnings\":[]}";

    @TempDir
    private Path folder;

    private record Run(int exit, String out, String err) {}

    private static Run run(Object command, ScriptedServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                command instanceof AskCommand ? 0 : 1,
                List.of("--gateway", server.address().toString()));
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int exit = new CommandLine(command).setErr(new PrintWriter(err)).execute(all.toArray(new String[0]));
            return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void aFileIsStoredUnderItsNameOrAnother() throws Exception {
        Path file = Files.writeString(folder.resolve("report.yaml"), "prompts:\n  - {id: 1, name: a}\n");
        try (ScriptedServer server = new ScriptedServer(Answer.of(201, ASSISTANT), Answer.of(200, ASSISTANT))) {
            Run stored = run(new AssistantsCommand(), server, "put", file.toString());
            assertThat(stored.exit()).isZero();
            assertThat(stored.out()).isEqualTo("report@3\n");
            run(new AssistantsCommand(), server, "put", "--name", "other", "--workspace", "w", file.toString());
            assertThat(server.asked())
                    .containsExactly(
                            "PUT /v1/assistants/report?workspace=local", "PUT /v1/assistants/other?workspace=w");
            assertThat(server.bodies().getFirst()).isEqualTo("{\"prompts\":[{\"id\":1,\"name\":\"a\"}]}");
        }
    }

    @Test
    void allThatIsWrongWithADefinitionIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), "{}");
        String problem = "{\"detail\":\"There are 2 errors\",\"code\":\"invalid_assistant\",\"errors\":["
                + "{\"path\":\"prompts[0].text\",\"detail\":\"No one\"},{\"path\":\"inputs[1]\",\"detail\":\"No two\"}]}";
        try (ScriptedServer server = new ScriptedServer(Answer.of(422, problem))) {
            Run refused = run(new AssistantsCommand(), server, "put", file.toString());
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.err()).contains("prompts[0].text: No one", "inputs[1]: No two");
        }
    }

    @Test
    void assistantsAreListedShownAndDeleted() throws Exception {
        String list =
                "{\"assistants\":[{\"name\":\"report\",\"version\":3,\"prompts\":2,\"title\":\"A \\u001b[2Jreport\"},"
                        + "{\"name\":\"x\",\"version\":1,\"prompts\":1,\"title\":null}]}";
        try (ScriptedServer server =
                new ScriptedServer(Answer.of(200, list), Answer.of(200, ASSISTANT), Answer.of(204, ""))) {
            assertThat(run(new AssistantsCommand(), server, "list").out())
                    .isEqualTo("report@3  2 prompts  A report\nx@1  1 prompts\n");
            String shown =
                    run(new AssistantsCommand(), server, "show", "report@3").out();
            assertThat(new ObjectMapper().readTree(shown)).isEqualTo(new ObjectMapper().readTree(DEFINITION));
            assertThat(run(new AssistantsCommand(), server, "delete", "report").exit())
                    .isZero();
            assertThat(server.asked())
                    .containsExactly(
                            "GET /v1/assistants?workspace=local",
                            "GET /v1/assistants/report%403?workspace=local",
                            "DELETE /v1/assistants/report?workspace=local");
        }
    }

    @Test
    void aCheckSendsInputsInTheirTypesAndFailsWhereARunWould() throws Exception {
        String checked = "{\"valid\":false,\"missing_inputs\":[\"more\"],\"errors\":[],\"warnings\":[],"
                + "\"prompts\":[{\"name\":\"a\",\"text\":\"Hello\",\"estimated_tokens\":2,\"tools\":["
                + "{\"type\":\"http_get\",\"name\":\"page\",\"hosts\":[\"a.example\",\"*.b.example\"]},"
                + "{\"type\":\"search\",\"name\":\"find\",\"repositories\":[{\"id\":7,\"repository\":\"handbook\"}]}],"
                + "\"cache\":{\"ttl_ms\":90000}}]}";
        try (ScriptedServer server = new ScriptedServer(Answer.of(200, ASSISTANT), Answer.of(200, checked))) {
            Run run = run(
                    new AssistantsCommand(),
                    server,
                    "check",
                    "--input",
                    "n=7",
                    "--input",
                    "b=true",
                    "--input",
                    "t=8=9",
                    "report");
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEqualTo("""
                            — a, about 2 tokens
                            Hello
                            tool: page, http_get of a.example, *.b.example
                            tool: find, search of handbook
                            cache: 1 min 30 s
                            """);
            assertThat(server.bodies().get(1)).isEqualTo("{\"inputs\":{\"n\":7,\"b\":true,\"t\":\"8=9\"}}");
        }
    }

    private static Answer[] asked(String status) {
        String events = """
                {"type":"turn.completed","stage_id":"s-1","payload":{"content":{"message":{"text":"One"}}}}
                {"type":"turn.completed","stage_id":"s-2","payload":{"content":{"message":{"text":"Two"}}}}
                """;
        String view =
                "{\"run_id\":\"r-1\",\"status\":\"" + status + "\",\"assistant\":{\"name\":\"report\",\"version\":3,"
                        + "\"outputs\":{\"body\":{\"prompt\":\"b\",\"stage_id\":\"s-2\"},\"open\":{\"prompt\":\"c\"}}}}";
        String ended =
                "event: run.completed\ndata: {\"sequence\":9,\"type\":\"run.completed\",\"payload\":{\"outcome\":\""
                        + status + "\"}}\n\nevent: stream.end\ndata: {}\n\n";
        return new Answer[] {
            Answer.of(200, ASSISTANT),
            Answer.of(201, "{\"run_id\":\"r-1\"}"),
            Answer.stream(ended),
            Answer.of(200, view),
            Answer.of(200, events)
        };
    }

    @Test
    void anAnswerIsTheOutputsAfterTheRun() throws Exception {
        try (ScriptedServer server = new ScriptedServer(asked("succeeded"))) {
            Run run = run(new AskCommand(), server, "--input", "n=7", "--input", "t=x y", "report");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).endsWith("Two\n").doesNotContain("One");
            assertThat(server.bodies().get(1))
                    .isEqualTo("{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"report@3\","
                            + "\"inputs\":{\"n\":7,\"t\":\"x y\"}}");
        }
    }

    @Test
    void forProgramsWhatWaitsIsSaidOnStandardError() throws Exception {
        Answer[] answers = asked("succeeded");
        String question = "event: tool.approval.requested\ndata: {\"sequence\":8,\"type\":\"tool.approval.requested\","
                + "\"run_id\":\"r-1\",\"payload\":{\"approval_id\":\"2-1-0\",\"call\":{\"tool\":\"make\"},"
                + "\"arguments\":\"{}\",\"length\":2}}\n\n";
        answers[2] = Answer.stream(question + answers[2].body());
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try (ScriptedServer server = new ScriptedServer(answers)) {
            Run run = run(new AskCommand(), server, "--json", "report@3");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("{\"run_id\":\"r-1\"").hasLineCount(1);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("? make {}\n")
                .contains("tailrace approve r-1 2-1-0, or tailrace deny r-1 2-1-0");
    }

    @Test
    void forProgramsItIsOneObjectThatSaysHowItEnded() throws Exception {
        try (ScriptedServer server = new ScriptedServer(asked("failed"))) {
            Run run = run(new AskCommand(), server, "--json", "report@3");
            assertThat(run.exit()).as(run.err()).isEqualTo(1);
            assertThat(run.out())
                    .isEqualTo("{\"run_id\":\"r-1\",\"status\":\"failed\",\"assistant\":\"report\",\"version\":3,"
                            + "\"outputs\":{\"body\":\"Two\"}}\n");
        }
    }
}
