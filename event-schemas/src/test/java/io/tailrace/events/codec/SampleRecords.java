package io.tailrace.events.codec;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.build.BuildFact.BuildReason;
import io.tailrace.events.build.BuildFact.ConsoleLine;
import io.tailrace.events.build.BuildFact.ConsoleStream;
import io.tailrace.events.build.BuildFact.LineEnd;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.work.BuildRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** At least one record of every type of every topic, with every optional field there and absent somewhere. */
final class SampleRecords {
    private static final RunId RUN = new RunId("r-sample");
    private static final StageId STAGE = StageId.of(RUN, 1);
    private static final EventId ID = EventId.of(new UUID(0x0123456789abcdefL, 0xfedcba9876543210L));
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final WorkerId WORKER = new WorkerId("worker-1:ab");
    private static final Failure FAILURE = new Failure("phase_failed", "exit 1", Optional.of("test"));
    private static final ArtifactRef ARCHIVE =
            new ArtifactRef("0123456789abcdef".repeat(4), ArtifactRef.TAR_GZ, 700_000, 2, 5, 77);
    private static final Plan PLAN = new Plan(List.of(
            new BuildStep("commands", Optional.of("hello"), List.of()),
            new BuildStep(
                    "commands",
                    Optional.empty(),
                    List.of(new Phase(
                            "test",
                            "Run the tests ✓",
                            List.of("make", "-j", ""),
                            Duration.ofSeconds(3),
                            Map.of("A", "b"),
                            true))),
            BuildStep.ofEnvironment("python", new EnvironmentStep("ade", Optional.of(ARCHIVE), true))));

    private SampleRecords() {}

    static List<Record> of(Topic topic) {
        return switch (topic) {
            case ARTIFACTS -> List.of();
            case DEFINITIONS ->
                List.of(new Definition(new WorkspaceId("w"), "ade", AT, new Definition.ConfigurationVersion(ARCHIVE)));
            case RUN_COMMANDS ->
                List.of(
                        new RunCommand(
                                RUN,
                                ID,
                                AT,
                                new RunCommand.CreateRun(
                                        new WorkspaceId("w"),
                                        "build",
                                        Optional.of("t"),
                                        PLAN,
                                        Limits.DEFAULT,
                                        Optional.of(RUN),
                                        "sha256:00")),
                        new RunCommand(RUN, ID, AT, new RunCommand.CancelRun(Optional.empty())));
            case RUN_EVENTS -> runFacts().map(SampleRecords::runEvent).toList();
            case BUILD_EVENTS -> buildFacts().map(SampleRecords::buildEvent).toList();
            case BUILD_REQUESTS ->
                List.of(new BuildRequest(
                        RUN,
                        STAGE,
                        new Attempt(2),
                        new WorkspaceId("w"),
                        (BuildStep) PLAN.steps().get(1),
                        new LogPosition(Topic.BUILD_EVENTS, 3, 99),
                        AT));
            case RUNS -> List.of(view());
        };
    }

    private static Record runEvent(RunFact fact) {
        return new RunEvent(RUN, ID, Optional.of(STAGE), Optional.of(7L), AT, fact);
    }

    private static Record buildEvent(BuildFact fact) {
        return switch (fact) {
            case BuildFact.Tick tick -> BuildEvent.tick(ID, AT, tick);
            case BuildFact.StageAborted aborted -> BuildEvent.aborted(ID, STAGE, AT, aborted);
            default -> BuildEvent.ofAttempt(ID, STAGE, new Attempt(2), 9, WORKER, AT, fact);
        };
    }

    static Stream<RunFact> runFacts() {
        return Stream.of(
                new RunFact.RunCreated(
                        new WorkspaceId("w"), "build", Optional.empty(), PLAN, Limits.DEFAULT, Optional.empty(), "d"),
                new RunFact.RunStarted(2),
                new RunFact.StageRequested(1, 2, "commands", Attempt.FIRST, new LogPosition(Topic.BUILD_EVENTS, 3, 12)),
                new RunFact.StageRedispatched(
                        new Attempt(2), RunFact.RedispatchReason.SILENCE, Optional.of(WORKER), Duration.ofSeconds(6)),
                new RunFact.StageFinished(
                        1,
                        new Attempt(2),
                        Outcome.FAILED,
                        Optional.of(FAILURE),
                        Optional.of(1),
                        new ChapterRange(12, 99),
                        Optional.of(WORKER),
                        Optional.of(AT),
                        Duration.ofMillis(12),
                        Duration.ofMillis(1200),
                        17,
                        11),
                new RunFact.RunCancelRequested(Optional.of("not needed")),
                new RunFact.RunProgress(1, 2, new Attempt(2), WORKER, Duration.ofMillis(12)),
                new RunFact.RunCompleted(Outcome.CANCELED, Optional.empty(), Duration.ofHours(1), 2, 3, 40, 11));
    }

    static Stream<BuildFact> buildFacts() {
        return Stream.of(
                new BuildFact.AttemptStarted("commands"),
                new BuildFact.AttemptReleased("shutdown"),
                new BuildFact.StageAborted(BuildFact.AbortReason.WALL_CLOCK, Outcome.FAILED, "spent"),
                new BuildFact.Heartbeat(),
                new BuildFact.Tick("coordinator-1"),
                new BuildFact.BuildCreated(
                        "commands",
                        Optional.of("hello"),
                        BuildReason.DIRTY_OR_MISSING,
                        true,
                        List.of(new BuildFact.PlannedPhase("test", "Run the tests"))),
                new BuildFact.BuildCreated(
                        "python-env",
                        Optional.of("python"),
                        BuildReason.REUSE_OK,
                        false,
                        List.of(),
                        Optional.of(new BuildFact.EnvironmentPlan(
                                "ade",
                                "engine-1.0.whl",
                                Optional.of("1.0"),
                                "/usr/bin/python3",
                                ARCHIVE.digest(),
                                "f1"))),
                new BuildFact.BuildStarted(BuildReason.FORCE_REBUILD),
                new BuildFact.BuildPhaseStarted(
                        "test", "Run the tests", 1, 2, List.of("make", "test"), Duration.ofMinutes(1)),
                new BuildFact.BuildPhaseCompleted(
                        "test",
                        BuildFact.PhaseStatus.TIMED_OUT,
                        Duration.ofMinutes(1),
                        Optional.empty(),
                        Optional.of(FAILURE)),
                new BuildFact.BuildPhaseCompleted(
                        "upgrade_pip",
                        BuildFact.PhaseStatus.SKIPPED,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("there is no index")),
                new BuildFact.ConsoleLines(
                        "build",
                        Optional.of("test"),
                        List.of(
                                new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "\u001b[32mok\u001b[0m ✓\r"),
                                new ConsoleLine(ConsoleStream.STDERR, LineEnd.EOF, ""))),
                new BuildFact.BuildCompleted(
                        Outcome.FAILED,
                        BuildReason.FORCE_REBUILD,
                        Duration.ofMinutes(2),
                        Optional.of(2),
                        Optional.of(FAILURE),
                        2,
                        10,
                        1000),
                new BuildFact.BuildCompleted(
                        Outcome.SUCCEEDED,
                        BuildReason.DIRTY_OR_MISSING,
                        Duration.ofMinutes(2),
                        Optional.of(0),
                        Optional.empty(),
                        6,
                        10,
                        1000,
                        Optional.of(new BuildFact.EnvironmentResult(
                                true,
                                false,
                                Optional.of("f1"),
                                Optional.of("3.11.2"),
                                List.of(new BuildFact.InstalledPackage("pip", "23.0")),
                                Optional.of(12_345L)))));
    }

    private static RunView view() {
        return new RunView(
                RUN,
                new WorkspaceId("w"),
                "build",
                Optional.of("t"),
                RunStatus.FAILED,
                AT,
                Optional.of(AT),
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.of(FAILURE),
                PLAN,
                Limits.DEFAULT,
                List.of(new RunView.StageView(
                        STAGE,
                        1,
                        new Attempt(2),
                        Optional.of(Outcome.FAILED),
                        Optional.of(WORKER),
                        AT,
                        Optional.of(AT),
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(5)),
                        Optional.empty())),
                "d",
                3,
                17,
                new RunView.NumberedSpot(19, 3, 0x01234567),
                22);
    }
}
