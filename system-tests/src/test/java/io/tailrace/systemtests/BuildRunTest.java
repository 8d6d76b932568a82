package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What becomes of a build, seen by those who watch it. */
@Timeout(120)
class BuildRunTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void aBuildIsStreamedToItsEndInOneOrder() {
        String run = gateway.create(Plans.build(
                Plans.sh("compile", "echo compiling; echo careful >&2; printf 'no newline'"),
                Plans.sh("test", "printf '\\033[32mok\\033[0m\\n'")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);
            assertThat(stream.numbered().stream().map(Frame::event).filter(it -> !it.equals("console.line")))
                    .containsExactly(
                            "run.created",
                            "run.started",
                            "stage.requested",
                            "attempt.started",
                            "build.created",
                            "build.started",
                            "build.phase.started",
                            "build.phase.completed",
                            "build.phase.started",
                            "build.phase.completed",
                            "build.completed",
                            "stage.finished",
                            "run.completed");
            assertThat(stream.numbered().stream().map(Frame::sequence))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, stream.numbered().size())
                                    .boxed()
                                    .toList());
            assertThat(console(stream.events(), "stdout")).isEqualTo("compiling\nno newline\u001b[32mok\u001b[0m\n");
            assertThat(console(stream.events(), "stderr")).isEqualTo("careful\n");
            assertThat(gateway.events(run)).isEqualTo(stream.events());
            assertThat(SharedStack.gateway(2).events(run)).isEqualTo(stream.events());
        }
        gateway.awaitStatus(run, "succeeded", SOON);
    }

    @Test
    void aPhaseThatFailsEndsTheRunAndSaysWhy() {
        String run = gateway.create(Plans.build(
                Plans.with(Plans.sh("lint", "exit 3"), "continue_on_failure", true),
                Plans.sh("test", "echo bad >&2; exit 7"),
                Plans.sh("never", "true")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);
            assertThat(phases(stream)).containsExactly("lint failed 3", "test failed 7");
            JsonNode completed = stream.find(it -> it.event().equals("build.completed"))
                    .orElseThrow()
                    .json();
            assertThat(completed.at("/payload/failure/phase").asString()).isEqualTo("test");
            assertThat(completed.at("/payload/exit_code").asInt()).isEqualTo(7);
        }
        gateway.awaitStatus(run, "failed", SOON);
    }

    @Test
    void aProgramThatIsNotThereFailsWithACauseThatTellsWhatToDo() {
        String run = gateway.create(
                Plans.build(Map.of("name", "test", "argv", List.of("no-such-program-anywhere", "--version"))));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);
            JsonNode completed = stream.find(it -> it.event().equals("build.phase.completed"))
                    .orElseThrow()
                    .json();
            assertThat(completed.at("/payload/status").asString()).isEqualTo("failed");
            assertThat(completed.at("/payload/failure/code").asString()).isEqualTo("program_not_found");
            assertThat(completed.at("/payload/failure/message").asString())
                    .contains("no-such-program-anywhere")
                    .contains("PATH");
        }
    }

    /** Seconds that nobody else sleeps: inside a build a process has another pid than outside. */
    private static String duration() {
        return "300." + System.nanoTime();
    }

    private static boolean sleeps(String duration) {
        return ProcessHandle.allProcesses()
                .anyMatch(it ->
                        it.info().arguments().map(List::of).orElse(List.of()).contains(duration));
    }

    @Test
    void aPhaseThatTakesTooLongIsEndedWithItsWholeProcessTree() {
        String daemon = duration();
        Map<String, Object> slow = Plans.with(
                Plans.sh("slow", "setsid sh -c 'echo begun; exec sleep " + daemon + "' & sleep 300"),
                "timeout_ms",
                2_000);
        String run = gateway.create(Plans.build(slow));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("begun", SOON);
            Awaitility.await().atMost(SOON).until(() -> sleeps(daemon));
            stream.awaitEnd(SOON);
            assertThat(phases(stream)).hasSize(1).first().asString().startsWith("slow timed_out");
            assertThat(sleeps(daemon)).isFalse();
        }
        gateway.awaitStatus(run, "failed", SOON);
    }

    @Test
    void aCancelOfARunningBuildEndsItsProcesses() {
        String duration = duration();
        String run = gateway.create(Plans.run(List.of(
                Plans.step(Plans.sh("wait", "echo begun; exec sleep " + duration)),
                Plans.step(Plans.sh("b", "true")))));
        try (EventStream stream = gateway.stream(run)) {
            stream.await("console.line", SOON);
            Awaitility.await().atMost(SOON).until(() -> sleeps(duration));
            assertThat(gateway.cancel(run).statusCode()).isIn(200, 202);
            stream.awaitEnd(SOON);
            assertThat(phases(stream)).hasSize(1).first().asString().startsWith("wait canceled");
            assertThat(sleeps(duration)).isFalse();
            assertThat(stream.numbered().stream().map(Frame::event))
                    .containsSubsequence("build.completed", "run.cancel.requested", "stage.finished", "run.completed");
            assertThat(stream.find(it -> it.event().equals("run.notice"))).isPresent();
        }
        gateway.awaitStatus(run, "canceled", SOON);
        assertThat(gateway.cancel(run).statusCode()).isEqualTo(200);
    }

    @Test
    void aCancelOfAFinishedRunIsRefused() {
        String run = gateway.create(Plans.build(Plans.sh("a", "true")));
        gateway.awaitStatus(run, "succeeded", SOON);
        HttpResponse<String> refused = gateway.cancel(run);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(Gateway.JSON.readTree(refused.body()).get("code").asString()).isEqualTo("run_finished");
    }

    @Test
    void aBuildThatIsCanceledWhileItWaitsNeverStarts() {
        List<String> fillers = LongStream.range(0, 8)
                .mapToObj(_ -> gateway.create(Plans.build(Plans.sh("fill", "sleep 300"))))
                .toList();
        fillers.forEach(it -> gateway.awaitStatus(it, "running", SOON));
        String run = gateway.create(Plans.build(Plans.sh("a", "true")));
        assertThat(gateway.status(run)).isEqualTo("queued");
        gateway.cancel(run);
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitEnd(SOON);
            assertThat(stream.numbered().stream().map(Frame::event))
                    .contains("stage.aborted")
                    .doesNotContain("attempt.started", "build.started");
        }
        gateway.awaitStatus(run, "canceled", SOON);
        fillers.forEach(gateway::cancel);
        fillers.forEach(it -> gateway.awaitStatus(it, "canceled", SOON));
        // A worker that takes the stale request now must not execute it: nothing is added to the ended run.
        int before = gateway.events(run).size();
        String next = gateway.create(Plans.build(Plans.sh("a", "true")));
        gateway.awaitStatus(next, "succeeded", SOON);
        assertThat(gateway.events(run)).hasSize(before);
    }

    @Test
    void aFailedRunIsRetriedAsANewRunThatIsLinkedToIt() {
        String run = gateway.create(Plans.build(Plans.sh("a", "exit 1")));
        gateway.awaitStatus(run, "failed", SOON);
        HttpResponse<String> response = gateway.post("/v1/runs/" + run + "/retry", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        JsonNode retry = Gateway.JSON.readTree(response.body());
        assertThat(retry.get("retry_of").asString()).isEqualTo(run);
        assertThat(retry.get("run_id").asString()).isNotEqualTo(run);
        gateway.awaitStatus(retry.get("run_id").asString(), "failed", SOON);
    }

    static String console(List<JsonNode> events, String stream) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            if (event.get("type").asString().equals("console.line")
                    && event.at("/payload/stream").asString().equals(stream)) {
                text.append(event.at("/payload/text").asString());
                if (event.at("/payload/end").asString().equals("newline")) {
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    private static List<String> phases(EventStream stream) {
        return stream.events().stream()
                .filter(it -> it.get("type").asString().equals("build.phase.completed"))
                .map(it -> it.at("/payload/phase").asString() + " "
                        + it.at("/payload/status").asString() + " "
                        + it.at("/payload/exit_code").asString(""))
                .toList();
    }
}
