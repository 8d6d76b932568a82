package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Processes are killed, stopped and started again, and everybody still reads the same. */
@Timeout(200)
class KillTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void aBuildThatDiesWithItsWorkerIsRunAgainByAnother() throws Exception {
        String run = gateway.create(Plans.build(
                Plans.sh("slow", "echo attempt; for i in $(seq 40); do echo $i; sleep 0.1; done; echo done")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("attempt", SOON);
            String victim = workerOf(stream);
            long killedAt = System.nanoTime();
            SharedStack.member(victim).kill();
            Frame second = stream.await(
                    it -> it.event().equals("attempt.started")
                            && it.json().get("attempt").asInt() == 2,
                    SOON);
            long seconds = Duration.ofNanos(System.nanoTime() - killedAt).toSeconds();
            assertThat(seconds).as("seconds until the next attempt").isLessThanOrEqualTo(12);
            Frame first =
                    stream.find(it -> it.event().equals("attempt.started")).orElseThrow();
            assertThat(second.json().at("/payload/supersedes_from_sequence").asLong())
                    .isEqualTo(first.sequence());
            assertThat(second.json().get("worker_id").asString()).doesNotStartWith(victim + "-");
            stream.awaitEnd(SOON);
            assertGapFree(stream.events());
            List<JsonNode> after = stream.events().stream()
                    .filter(it -> it.get("sequence").asLong() > second.sequence())
                    .toList();
            assertThat(BuildRunTest.console(after, "stdout")).isEqualTo(expectedOutput());
            assertThat(stream.numbered().stream().map(Frame::event))
                    .containsSubsequence("build.completed", "stage.redispatched", "stage.finished", "run.completed");
        }
        gateway.awaitStatus(run, "succeeded", SOON);
        SharedStack.member(workerNameOf(gateway.events(run), 1)).start();
    }

    @Test
    void aWorkerThatShutsDownInOrderGivesItsBuildBackAtOnce() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("slow", "echo begun; sleep 3; echo done")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("begun", SOON);
            String victim = workerOf(stream);
            SharedStack.member(victim).stop();
            stream.await(
                    it -> it.event().equals("attempt.started")
                            && it.json().get("attempt").asInt() == 2,
                    SOON);
            stream.awaitEnd(SOON);
            Frame redispatched =
                    stream.find(it -> it.event().equals("stage.redispatched")).orElseThrow();
            assertThat(redispatched.json().at("/payload/reason").asString()).isEqualTo("released");
            assertThat(stream.numbered().stream().map(Frame::event)).contains("attempt.released");
            SharedStack.member(victim).start();
        }
        gateway.awaitStatus(run, "succeeded", SOON);
    }

    @Test
    void aStoppedWorkerThatWakesUpAfterItsStageWentToAnotherChangesNothing() throws Exception {
        String run = gateway.create(Plans.build(
                Plans.sh("slow", "echo attempt; for i in $(seq 40); do echo $i; sleep 0.1; done; echo done")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("attempt", SOON);
            String sleeper = workerOf(stream);
            SharedStack.member(sleeper).pause();
            try {
                stream.await(
                        it -> it.event().equals("attempt.started")
                                && it.json().get("attempt").asInt() == 2,
                        SOON);
            } finally {
                SharedStack.member(sleeper).resume();
            }
            stream.awaitEnd(SOON);
            List<JsonNode> events = stream.events();
            assertGapFree(events);
            long claim = events.stream()
                    .filter(it -> it.get("type").asString().equals("attempt.started"))
                    .reduce((_, last) -> last)
                    .orElseThrow()
                    .get("sequence")
                    .asLong();
            List<JsonNode> after = events.stream()
                    .filter(it -> it.get("sequence").asLong() > claim)
                    .toList();
            assertThat(BuildRunTest.console(after, "stdout")).isEqualTo(expectedOutput());
            assertThat(after.stream()
                            .filter(it -> it.has("attempt"))
                            .map(it -> it.get("attempt").asInt()))
                    .containsOnly(2);
            assertThat(gateway.events(run)).isEqualTo(events);
        }
        // The one that slept is still a good worker.
        String next = gateway.create(Plans.build(Plans.sh("a", "true")));
        gateway.awaitStatus(next, "succeeded", SOON);
    }

    @Test
    void theCoordinatorIsKilledAndTheRunGoesOn() throws Exception {
        String run = gateway.create(Plans.run(
                List.of(Plans.step(Plans.sh("one", "echo one; sleep 2")), Plans.step(Plans.sh("two", "echo two")))));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("one", SOON);
            SharedStack.member("coordinator-1").kill();
            stream.await("build.completed", SOON);
            SharedStack.member("coordinator-1").start();
            stream.awaitEnd(Duration.ofSeconds(45));
            assertGapFree(stream.events());
            assertThat(stream.numbered().stream().map(Frame::event).filter("stage.finished"::equals))
                    .hasSize(2);
            assertThat(stream.numbered().stream().map(Frame::event)).doesNotContain("stage.redispatched");
        }
        gateway.awaitStatus(run, "succeeded", SOON);
    }

    @Test
    void clientsOfAKilledGatewayResumeAtAnotherAndMissNothing() throws Exception {
        Gateway second = SharedStack.gateway(2);
        String run = gateway.create(
                Plans.build(Plans.sh("count", "for i in $(seq 300); do echo line $i; sleep 0.01; done")));
        try (EventStream uncut = second.stream(run)) {
            List<EventStream> cut = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                cut.add(gateway.stream(run));
            }
            for (EventStream stream : cut) {
                stream.awaitLine("line 100", SOON);
            }
            SharedStack.member("gateway-1").kill();
            for (EventStream stream : cut) {
                stream.awaitOver(SOON);
                try (EventStream rest = second.resume(run, stream.lastEventId())) {
                    rest.awaitEnd(SOON);
                    uncut.awaitEnd(SOON);
                    List<JsonNode> all = new ArrayList<>(stream.events());
                    all.addAll(rest.events());
                    assertThat(all).isEqualTo(uncut.events());
                }
            }
            assertGapFree(uncut.events());
        } finally {
            SharedStack.member("gateway-1").start();
        }
        assertThat(gateway.events(run)).isEqualTo(second.events(run));
    }

    @Test
    void theBrokerIsKilledAndStartedAgainAndNothingIsLost() throws Exception {
        String run =
                gateway.create(Plans.build(Plans.sh("count", "for i in $(seq 100); do echo line $i; sleep 0.1; done")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("line 20", SOON);
            SharedStack.member("broker-1").kill();
            SharedStack.member("broker-1").start();
            stream.awaitEnd(Duration.ofSeconds(90));
            assertGapFree(stream.events());
            long claim = stream.events().stream()
                    .filter(it -> it.get("type").asString().equals("attempt.started"))
                    .reduce((_, last) -> last)
                    .orElseThrow()
                    .get("sequence")
                    .asLong();
            StringBuilder expected = new StringBuilder();
            LongStream.rangeClosed(1, 100)
                    .forEach(i -> expected.append("line ").append(i).append('\n'));
            List<JsonNode> after = stream.events().stream()
                    .filter(it -> it.get("sequence").asLong() > claim)
                    .toList();
            assertThat(BuildRunTest.console(after, "stdout")).isEqualTo(expected.toString());
            assertThat(gateway.events(run)).isEqualTo(stream.events());
        }
        gateway.awaitStatus(run, "succeeded", SOON);
    }

    @Test
    void healthyBuildsGoOnWhileTheCoordinatorIsDownForAMinuteAndNoneIsDispatchedAgain() throws Exception {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(gateway.create(
                    Plans.build(Plans.sh("long", "for i in $(seq 66); do echo line $i; sleep 1; done"))));
        }
        runs.forEach(it -> gateway.awaitStatus(it, "running", SOON));
        SharedStack.member("coordinator-1").kill();
        long down = System.nanoTime();
        try (EventStream stream = gateway.stream(runs.getFirst())) {
            stream.awaitLine("line 55", Duration.ofSeconds(80));
            Awaitility.await("a minute")
                    .atMost(Duration.ofSeconds(70))
                    .until(() ->
                            System.nanoTime() - down > Duration.ofSeconds(60).toNanos());
            SharedStack.member("coordinator-1").start();
            stream.awaitEnd(Duration.ofSeconds(60));
        }
        for (String run : runs) {
            gateway.awaitStatus(run, "succeeded", SOON);
            assertThat(gateway.events(run).stream().map(it -> it.get("type").asString()))
                    .doesNotContain("stage.redispatched");
        }
    }

    static void assertGapFree(List<JsonNode> events) {
        assertThat(events.stream().map(it -> it.get("sequence").asLong()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
    }

    private static String workerOf(EventStream stream) {
        return workerNameOf(stream.events(), 1);
    }

    /** The stack's name of the worker that held this attempt: its id without the suffix of its start. */
    private static String workerNameOf(List<JsonNode> events, int attempt) {
        String id = events.stream()
                .filter(it -> it.get("type").asString().equals("attempt.started")
                        && it.get("attempt").asInt() == attempt)
                .findFirst()
                .orElseThrow()
                .get("worker_id")
                .asString();
        return id.startsWith("build-worker-1") ? "build-worker-1" : "build-worker-2";
    }

    private static String expectedOutput() {
        StringBuilder expected = new StringBuilder("attempt\n");
        LongStream.rangeClosed(1, 40).forEach(i -> expected.append(i).append('\n'));
        return expected.append("done\n").toString();
    }
}
