package io.tailrace.gateway.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.StageFact;
import io.tailrace.gateway.json.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each row of the contract, field by field. */
class EnvironmentViewTest {
    private static final RunId RUN = new RunId("r-env");
    private static final StageId STAGE = StageId.of(RUN, 1);
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
    private static final EventCodec CODEC = new EventCodec();

    private final EnvironmentView frames = new EnvironmentView(
            new EventDecoder(CODEC, (_, _, _) -> {
                throw new AssertionError("everything here can be decoded");
            }),
            (_, cursor) -> "v2." + cursor.sequence());

    private List<JsonNode> render(BuildFact fact, Optional<Long> supersedes) {
        return render(STAGE, fact, supersedes);
    }

    private List<JsonNode> render(StageId stage, BuildFact fact, Optional<Long> supersedes) {
        BuildEvent event = BuildEvent.ofAttempt(
                EventId.of(new UUID(1, 2)), stage, Attempt.FIRST, 1, new WorkerId("w:1"), AT, fact);
        return render(Topic.BUILD_EVENTS, event.headers(), CODEC.encode(Topic.BUILD_EVENTS, event), supersedes);
    }

    private List<JsonNode> render(BuildFact fact) {
        return render(fact, Optional.empty());
    }

    private List<JsonNode> render(RunFact fact) {
        RunEvent event = new RunEvent(RUN, EventId.of(new UUID(1, 2)), Optional.of(STAGE), Optional.of(7L), AT, fact);
        return render(Topic.RUN_EVENTS, event.headers(), CODEC.encode(Topic.RUN_EVENTS, event), Optional.empty());
    }

    private List<JsonNode> render(Topic topic, EventHeaders headers, byte[] value, Optional<Long> supersedes) {
        LogRecord record = new LogRecord(new LogPosition(topic, 0, 5), RUN, AT, headers, value);
        RunCursor after = RunCursor.beforeFirst(1, 0, RUN);
        ReadItem.Numbered item = new ReadItem.Numbered(record, 7, supersedes, after);
        String text = new String(frames.render(item).events(0, item.count()), StandardCharsets.UTF_8);
        List<JsonNode> found = new ArrayList<>();
        for (String frame : text.split("\n\n", -1)) {
            if (!frame.isEmpty()) {
                String[] lines = frame.split("\n", -1);
                assertThat(lines[0]).isEqualTo("event: ade.event");
                assertThat(lines[2]).startsWith("id: v2").endsWith("~r-env");
                found.add(JsonMapper.shared().readTree(lines[1].substring("data: ".length())));
            }
        }
        return found;
    }

    private static String json(String more) {
        return """
                {"created_at":"2026-11-21T10:00:00.000Z","run_id":"r-env","build_id":"r-env.1",
                 "event_id":"00000000-0000-0001-0000-000000000002","sequence":7,""" + more + "}";
    }

    private static void assertOne(List<JsonNode> frames, String more) {
        assertThat(frames).containsExactly(JsonMapper.shared().readTree(json(more)));
    }

    @Test
    void buildCreated() {
        BuildFact created = new BuildFact.BuildCreated(
                "python-env",
                Optional.of("python"),
                BuildReason.REUSE_OK,
                false,
                List.of(),
                Optional.of(new BuildFact.EnvironmentPlan(
                        "c", "engine-1.0.whl", Optional.of("1.0"), "/usr/bin/python3", "d", "f")));
        assertOne(render(created), """
                "type":"build.created","reason":"reuse_ok","should_build":false,"engine_spec":"engine-1.0.whl",
                "engine_version_hint":"1.0","python_bin":"/usr/bin/python3"
                """);
    }

    @Test
    void buildStarted() {
        assertOne(render(new BuildFact.BuildStarted(BuildReason.FORCE_REBUILD)), """
                "type":"build.started","status":"building","reason":"force_rebuild"
                """);
    }

    @Test
    void phases() {
        assertOne(
                render(new BuildFact.BuildPhaseStarted(
                        "create_venv", "Creating the environment", 1, 6, List.of("python3"), Duration.ofMinutes(1))),
                """
                "type":"build.phase.started","phase":"create_venv","message":"Creating the environment"
                """);
        assertOne(
                render(new BuildFact.BuildPhaseCompleted(
                        "create_venv",
                        BuildFact.PhaseStatus.SUCCEEDED,
                        Duration.ofMillis(1500),
                        Optional.of(0),
                        Optional.empty())),
                """
                "type":"build.phase.completed","phase":"create_venv","status":"succeeded","duration_ms":1500,"exit_code":0
                """);
        assertOne(
                render(new BuildFact.BuildPhaseCompleted(
                        "upgrade_pip",
                        BuildFact.PhaseStatus.SKIPPED,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("There is no index."))),
                """
                "type":"build.phase.completed","phase":"upgrade_pip","status":"skipped","duration_ms":0,"exit_code":null,
                "message":"There is no index."
                """);
    }

    @Test
    void linesOfOutputAreEventsOfTheirOwn() {
        List<JsonNode> lines = render(new BuildFact.ConsoleLines(
                "build",
                Optional.of("install_engine"),
                List.of(
                        new BuildFact.ConsoleLine(BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "one"),
                        new BuildFact.ConsoleLine(BuildFact.ConsoleStream.STDERR, BuildFact.LineEnd.EOF, "two"))));
        assertThat(lines)
                .containsExactly(
                        JsonMapper.shared().readTree("""
                                {"type":"console.line","created_at":"2026-11-21T10:00:00.000Z","run_id":"r-env",
                                 "build_id":"r-env.1","event_id":"00000000-0000-0001-0000-000000000002-1","sequence":7,
                                 "scope":"build","stream":"stdout","level":"info","message":"one"}
                                """), JsonMapper.shared().readTree("""
                                {"type":"console.line","created_at":"2026-11-21T10:00:00.000Z","run_id":"r-env",
                                 "build_id":"r-env.1","event_id":"00000000-0000-0001-0000-000000000002-2","sequence":8,
                                 "scope":"build","stream":"stderr","level":"warning","message":"two"}
                                """));
    }

    private static BuildFact completed(
            Outcome outcome, Optional<Integer> exit, Optional<Failure> failure, boolean shouldBuild, boolean force) {
        return new BuildFact.BuildCompleted(
                outcome,
                shouldBuild ? BuildReason.DIRTY_OR_MISSING : BuildReason.REUSE_OK,
                Duration.ofSeconds(1),
                exit,
                failure,
                6,
                1,
                1,
                Optional.of(new BuildFact.EnvironmentResult(
                        shouldBuild, force, Optional.of("f"), Optional.of("3.11"), List.of(), Optional.of(1L))));
    }

    @Test
    void buildCompleted() {
        assertOne(render(completed(Outcome.SUCCEEDED, Optional.of(0), Optional.empty(), false, false)), """
                "type":"build.completed","status":"active","env":{"reason":"reuse_ok","should_build":false,"force":false}
                """);
        assertOne(
                render(completed(
                        Outcome.FAILED,
                        Optional.of(2),
                        Optional.of(Failure.of("phase_failed", "pip ended with 2")),
                        true,
                        true)),
                """
                "type":"build.completed","status":"failed",
                "env":{"reason":"dirty_or_missing","should_build":true,"force":true},"error":"pip ended with 2","exit_code":2
                """);
        assertOne(
                render(new StageFact.StageAborted(
                        StageFact.AbortReason.WALL_CLOCK, Outcome.FAILED, "The run took too long.")),
                """
                "type":"build.completed","status":"failed","error":"The run took too long.","exit_code":null
                """);
    }

    @Test
    void whatComesAfterTheBuildIsAnnounced() {
        RunFact next =
                new RunFact.StageRequested(2, 2, "commands", Attempt.FIRST, new LogPosition(Topic.BUILD_EVENTS, 0, 9));
        assertOne(render(next), """
                "type":"console.line","scope":"run","stream":"stdout","level":"info",
                "message":"Configuration build completed; starting ADE run."
                """);
    }

    @Test
    void laterStageIsNoPartOfTheBuildAndOnlyItsOutputIsShown() {
        StageId second = StageId.of(RUN, 2);
        assertThat(render(second, new BuildFact.BuildStarted(BuildReason.FORCE_REBUILD), Optional.empty()))
                .isEmpty();
        assertThat(render(
                        second,
                        completed(Outcome.FAILED, Optional.of(1), Optional.empty(), true, false),
                        Optional.empty()))
                .isEmpty();
        assertThat(render(second, new BuildFact.AttemptStarted("commands"), Optional.of(4L)))
                .isEmpty();
        List<JsonNode> lines = render(
                second,
                new BuildFact.ConsoleLines(
                        "build",
                        Optional.of("next"),
                        List.of(new BuildFact.ConsoleLine(
                                BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "one"))),
                Optional.empty());
        assertOne(lines, """
                "type":"console.line","scope":"run","stream":"stdout","level":"info","message":"one"
                """);
    }

    @Test
    void whatTheApiDoesNotKnowMakesNoFrame() {
        assertThat(render(new BuildFact.AttemptStarted("python-env"))).isEmpty();
        assertThat(render(new RunFact.RunStarted(1))).isEmpty();
        assertThat(render(new StageFact.AttemptReleased("shutdown"))).isEmpty();
    }

    @Test
    void buildThatIsRunAgainSaysSo() {
        List<JsonNode> again = render(new BuildFact.AttemptStarted("python-env"), Optional.of(4L));
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().get("type").asString()).isEqualTo("console.line");
        assertThat(again.getFirst().get("level").asString()).isEqualTo("warning");
    }
}
