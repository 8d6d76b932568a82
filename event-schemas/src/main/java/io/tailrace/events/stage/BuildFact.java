package io.tailrace.events.stage;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.log.EventType;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happened inside a build stage: the payload of a record of build-events. */
@AvroName(namespace = "io.tailrace.events.build")
@AvroUnion({
    BuildFact.AttemptStarted.class,
    StageFact.AttemptReleased.class,
    StageFact.StageAborted.class,
    StageFact.Heartbeat.class,
    StageFact.Tick.class,
    BuildFact.BuildCreated.class,
    BuildFact.BuildStarted.class,
    BuildFact.BuildPhaseStarted.class,
    BuildFact.BuildPhaseCompleted.class,
    BuildFact.ConsoleLines.class,
    BuildFact.BuildCompleted.class
})
public sealed interface BuildFact extends StageFact
        permits BuildFact.AttemptStarted, BuildFact.Progress, BuildFact.BuildCompleted, StageFact.OfEveryKind {

    /** The build goes on. */
    sealed interface Progress extends BuildFact
            permits BuildCreated, BuildStarted, BuildPhaseStarted, BuildPhaseCompleted, ConsoleLines {}

    /** A worker claims the stage as the attempt of its envelope; it holds it if nobody was first. */
    record AttemptStarted(String recipe) implements BuildFact, StageFact.Claim {
        @Override
        public EventType type() {
            return EventType.ATTEMPT_STARTED;
        }
    }

    /** Why a build runs, or need not. */
    enum BuildReason {
        FORCE_REBUILD,
        DIRTY_OR_MISSING,
        REUSE_OK
    }

    /** A phase that is going to run. */
    record PlannedPhase(String name, String title) {}

    /**
     * Which environment is needed.
     *
     * @param configuration the configuration's id
     * @param engineSpec what was asked to be installed as the engine
     * @param engineVersionHint the engine's version, where it can be told before it is installed
     * @param pythonBin the interpreter
     * @param configurationDigest the SHA-256 of the configuration's archive, in hexadecimal digits
     * @param fingerprint what an existing environment is compared by
     */
    record EnvironmentPlan(
            String configuration,
            String engineSpec,
            Optional<String> engineVersionHint,
            String pythonBin,
            String configurationDigest,
            String fingerprint) {}

    /** A package in an environment. */
    record InstalledPackage(String name, String version) {}

    /**
     * What became of an environment.
     *
     * @param shouldBuild whether it had to be built
     * @param force whether that was asked for in any case
     * @param fingerprint of the environment that is there now
     */
    record EnvironmentResult(
            boolean shouldBuild,
            boolean force,
            Optional<String> fingerprint,
            Optional<String> interpreterVersion,
            List<InstalledPackage> packages,
            Optional<Long> sizeBytes) {
        public EnvironmentResult {
            packages = List.copyOf(packages);
        }
    }

    /** The build's phases are known. */
    record BuildCreated(
            String recipe,
            Optional<String> definition,
            BuildReason reason,
            boolean shouldBuild,
            List<PlannedPhase> phases,
            Optional<EnvironmentPlan> environment)
            implements Progress {
        public BuildCreated {
            phases = List.copyOf(phases);
        }

        /** Of a recipe that makes no environment. */
        public BuildCreated(
                String recipe,
                Optional<String> definition,
                BuildReason reason,
                boolean shouldBuild,
                List<PlannedPhase> phases) {
            this(recipe, definition, reason, shouldBuild, phases, Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.BUILD_CREATED;
        }
    }

    /** The first phase is about to run. */
    record BuildStarted(BuildReason reason) implements Progress {
        @Override
        public EventType type() {
            return EventType.BUILD_STARTED;
        }
    }

    /**
     * A phase's command was started.
     *
     * @param index which phase of the build it is, from 1
     */
    record BuildPhaseStarted(String phase, String title, int index, int phases, List<String> argv, Duration timeout)
            implements Progress {
        public BuildPhaseStarted {
            argv = List.copyOf(argv);
        }

        @Override
        public EventType type() {
            return EventType.BUILD_PHASE_STARTED;
        }
    }

    /** How a phase ended. */
    enum PhaseStatus {
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        CANCELED,
        /** There was nothing to do; the note says why. */
        SKIPPED
    }

    /** A phase has ended; follows every {@link BuildPhaseStarted}, whatever happened. */
    record BuildPhaseCompleted(
            String phase,
            PhaseStatus status,
            Duration duration,
            Optional<Integer> exitCode,
            Optional<Failure> failure,
            Optional<String> note)
            implements Progress {
        /** Of a phase about which there is nothing more to say. */
        public BuildPhaseCompleted(
                String phase,
                PhaseStatus status,
                Duration duration,
                Optional<Integer> exitCode,
                Optional<Failure> failure) {
            this(phase, status, duration, exitCode, failure, Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.BUILD_PHASE_COMPLETED;
        }
    }

    /** Which stream of the process a line came from. */
    enum ConsoleStream {
        STDOUT,
        STDERR
    }

    /** What ended a line. The bytes that were printed are the texts in order, with a line feed after NEWLINE only. */
    enum LineEnd {
        NEWLINE,
        /** Nothing more came for a moment: the line goes on in the stream's next one. */
        PARTIAL,
        /** Longer than the limit: the line goes on in the stream's next one. */
        SPLIT,
        /** The stream ended without a line feed. */
        EOF
    }

    /** One line of output, ANSI sequences and carriage returns as they were printed. */
    record ConsoleLine(ConsoleStream stream, LineEnd end, String text) {}

    /** A window of output; each line is an event of its own in the order. */
    record ConsoleLines(String scope, Optional<String> phase, List<ConsoleLine> lines)
            implements Progress, StageFact.Packed {
        /** @throws IllegalArgumentException if there are no lines */
        public ConsoleLines {
            lines = List.copyOf(lines);
            if (lines.isEmpty()) {
                throw new IllegalArgumentException("a window of output has at least one line");
            }
        }

        @Override
        public EventType type() {
            return EventType.CONSOLE_LINES;
        }

        @Override
        public int count() {
            return lines.size();
        }
    }

    /**
     * The build has ended: its stage's terminal record.
     *
     * @param phasesRun how many phases were started
     * @param lines console lines over all phases
     * @param bytes bytes read from the processes
     */
    record BuildCompleted(
            Outcome status,
            BuildReason reason,
            Duration duration,
            Optional<Integer> exitCode,
            Optional<Failure> failure,
            int phasesRun,
            long lines,
            long bytes,
            Optional<EnvironmentResult> environment)
            implements BuildFact {
        /** Of a build that makes no environment. */
        public BuildCompleted(
                Outcome status,
                BuildReason reason,
                Duration duration,
                Optional<Integer> exitCode,
                Optional<Failure> failure,
                int phasesRun,
                long lines,
                long bytes) {
            this(status, reason, duration, exitCode, failure, phasesRun, lines, bytes, Optional.empty());
        }

        @Override
        public EventType type() {
            return EventType.BUILD_COMPLETED;
        }
    }
}
