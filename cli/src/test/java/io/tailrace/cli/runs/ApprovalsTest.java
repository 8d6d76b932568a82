package io.tailrace.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.cli.sse.ScriptedServer;
import io.tailrace.cli.sse.ScriptedServer.Answer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code tailrace approve}, {@code tailrace deny} and questions at the terminal, at a gateway that answers as it was told. */
class ApprovalsTest {
    private static final String DECIDED = "{\"tool\":\"make\",\"decided\":true,\"decision\":\"%s\",\"by\":\"ada\"}";

    private record Run(int exit, String out, String err) {}

    private static Run run(Object command, ScriptedServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--gateway", server.address().toString()));
        all.addAll(List.of(arguments));
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

    private static String waiting(String... approvals) {
        return "{\"run_id\":\"r-1\",\"status\":\"waiting\",\"approvals\":[" + String.join(",", approvals) + "]}";
    }

    private static String open(String id) {
        return "{\"approval_id\":\"" + id + "\",\"tool\":\"make\",\"arguments\":\"{\\u001b[2J\\n}\"}";
    }

    @Test
    void theOnlyQuestionNeedsNoName() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                Answer.of(200, waiting(open("2-1-0"))), Answer.of(202, DECIDED.formatted("approved")))) {
            Run run = run(new ApproveCommand(), server, "r-1");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo("2-1-0  make { }\nmake: approved by ada\n");
            assertThat(server.asked()).containsExactly("GET /v1/runs/r-1", "POST /v1/runs/r-1/approvals/2-1-0/approve");
            assertThat(server.bodies().getLast()).isEqualTo("{}");
        }
    }

    @Test
    void ofSeveralQuestionsNoneIsAnsweredThatIsNotNamed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(200, waiting(open("2-1-0"), open("2-1-1"))))) {
            Run run = run(new ApproveCommand(), server, "r-1");
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEqualTo("Several calls wait; name one:\n2-1-0  make { }\n2-1-1  make { }\n");
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void aNamedQuestionIsDeniedWithAReason() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(202, DECIDED.formatted("denied")))) {
            Run run = run(new DenyCommand(), server, "--reason", "not today", "r-1", "2-1-1");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(server.asked()).containsExactly("POST /v1/runs/r-1/approvals/2-1-1/deny");
            assertThat(server.bodies().getFirst()).isEqualTo("{\"reason\":\"not today\"}");
        }
    }

    @Test
    void anApprovalHasNoReason() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            assertThat(run(new ApproveCommand(), server, "--reason", "fine", "r-1", "2-1-1")
                            .exit())
                    .isEqualTo(2);
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void allOfTheArgumentsIsShownBeforeTheAnswerAndHowMuchThereIs() throws Exception {
        String shown = "x".repeat(4096);
        String question = "{\"approval_id\":\"2-1-0\",\"tool\":\"make\",\"arguments\":\"" + shown
                + "\",\"arguments_length\":5000}";
        try (ScriptedServer server =
                new ScriptedServer(Answer.of(200, waiting(question)), Answer.of(202, DECIDED.formatted("denied")))) {
            assertThat(run(new DenyCommand(), server, "r-1").out())
                    .isEqualTo("2-1-0  make " + shown + "… (5000 characters in all)\nmake: denied by ada\n");
        }
    }

    @Test
    void whatIsNotOpenIsSaid() throws Exception {
        String problem = "{\"code\":\"not_open\",\"detail\":\"It is expired already.\"}";
        try (ScriptedServer server = new ScriptedServer(Answer.of(200, waiting()), Answer.of(409, problem))) {
            assertThat(run(new ApproveCommand(), server, "r-1").exit()).isNotZero();
            Run late = run(new ApproveCommand(), server, "r-1", "2-1-0");
            assertThat(late.exit()).isNotZero();
            assertThat(late.err()).contains("It is expired already.");
        }
    }

    private static JsonNode event(String type, String id) throws IOException {
        return new ObjectMapper()
                .readTree("{\"type\":\"" + type + "\",\"payload\":{\"approval_id\":\"" + id
                        + "\",\"call\":{\"tool\":\"make\"}}}");
    }

    /** Somebody at a terminal. */
    private static final class Person implements AutoCloseable {
        private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
        private final PipedWriter keys = new PipedWriter();
        private final BufferedReader in;
        private final GatewayClient client;
        private final ApprovalPrompt prompt;

        Person(ScriptedServer server) throws IOException {
            in = new BufferedReader(new PipedReader(keys));
            client = new GatewayClient(server.address());
            prompt = new ApprovalPrompt(client, "r-1", in, new PrintStream(seen, true, StandardCharsets.UTF_8));
        }

        Person isAsked(String... ids) throws IOException {
            for (String id : ids) {
                prompt.event(event("tool.approval.requested", id));
            }
            return this;
        }

        String seen() {
            return seen.toString(StandardCharsets.UTF_8);
        }

        /** Waits for this many questions on the terminal. */
        Person sees(int questions) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> seen().split("y/n", -1).length - 1 == questions);
            return this;
        }

        Person types(String line) throws IOException {
            keys.write(line + "\n");
            keys.flush();
            return this;
        }

        @Override
        public void close() throws IOException {
            client.close();
            keys.close();
        }
    }

    private static void awaitAsked(ScriptedServer server, String... requests) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(server.asked()).containsExactly(requests));
    }

    @Test
    void theTerminalIsAskedUntilItSaysYesOrNoAndNotWhatOthersHaveAnswered() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(202, "{}"), Answer.of(202, "{}"));
                Person person = new Person(server)) {
            person.isAsked("2-1-0", "2-1-1", "2-1-2").prompt.event(event("tool.approval.decided", "2-1-1"));
            person.prompt.start();
            person.sees(1).types("perhaps").sees(2).types("yes").sees(3).types("n");
            awaitAsked(server, "POST /v1/runs/r-1/approvals/2-1-0/approve", "POST /v1/runs/r-1/approvals/2-1-2/deny");
            assertThat(person.seen()).isEqualTo("May make be called? [y/n] ".repeat(3));
        }
    }

    @Test
    void whatWasTypedBeforeAQuestionDoesNotAnswerIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(202, "{}"), Answer.of(202, "{}"));
                Person person = new Person(server)) {
            person.isAsked("2-1-0", "2-1-1").types("y").types("y").prompt.start();
            person.sees(1).types("n\ny").sees(2).types("n");
            awaitAsked(server, "POST /v1/runs/r-1/approvals/2-1-0/deny", "POST /v1/runs/r-1/approvals/2-1-1/deny");
        }
    }

    @Test
    void anAnswerThatDidNotArriveIsAskedForAgain() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(Answer.of(503, "{\"detail\":\"Not now.\"}"), Answer.of(202, "{}"));
                Person person = new Person(server)) {
            person.isAsked("2-1-0").prompt.start();
            person.sees(1).types("y").sees(2);
            assertThat(person.seen()).contains("! ", "Not now.");
            person.types("n");
            awaitAsked(server, "POST /v1/runs/r-1/approvals/2-1-0/approve", "POST /v1/runs/r-1/approvals/2-1-0/deny");
        }
    }
}
