package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence.Verdict;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.turn.tool.CallResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a model is told of a build. */
class BuildOutputTest {
    private static final StageId STAGE = StageId.of(ToolTurns.STAGE.run(), 2);

    @Test
    void allOfAShortOutputIsTold() {
        CallResult told = output(1_000, "one", "two").told(answer(Outcome.SUCCEEDED, Optional.empty()));

        assertThat(told.text()).isEqualTo("The build succeeded.\n\none\ntwo\n");
        assertThat(told.bytes()).isEqualTo(told.text().length());
        assertThat(told.code()).isEmpty();
    }

    @Test
    void ofALongOutputTheEndIsToldAndHowMuchIsNot() {
        String[] lines = new String[100];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "line " + (100 + i);
        }

        CallResult told = output(200, lines)
                .told(answer(
                        Outcome.FAILED,
                        Optional.of(new Failure("phase_failed", "It exited with 2.", Optional.of("test")))));

        assertThat(told.text())
                .startsWith("The build failed: It exited with 2. (phase test)\n\n[Left out: the first ")
                .contains(" of the 900 bytes that it printed.]\n")
                .endsWith("line 198\nline 199\n");
        String kept = told.text().substring(told.text().indexOf("]\n") + 2);
        assertThat(told.text()).contains("the first " + (900 - kept.length()) + " of");
        assertThat(told.text().length()).isBetween(190, 200);
        assertThat(told.bytes()).isGreaterThan(900);
    }

    @Property(tries = 300)
    void noResultIsLongerThanItsBoundOrHasHalfACharacter(
            @ForAll @IntRange(min = 1, max = 400) int maxBytes, @ForAll @IntRange(max = 60) int lines) {
        String[] all = new String[lines];
        for (int i = 0; i < lines; i++) {
            all[i] = "zwölf " + "𝄞€".repeat(i % 5);
        }

        CallResult told = output(maxBytes, all)
                .told(answer(Outcome.FAILED, Optional.of(Failure.of("x", "Es schlägt fehl — leider."))));

        assertThat(told.text().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(maxBytes);
        assertThat(told.text()).doesNotContain("\uFFFD");
    }

    @Test
    void onlyTheAttemptThatCountsInTheEndIsTold() {
        BuildOutput output = output(1_000, "of a lost attempt");
        output.take(event(10, new BuildFact.AttemptStarted("commands")), Verdict.CLAIMS);
        output.take(
                event(15, new StageFact.StageAborted(StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "too long")),
                Verdict.ENDS);

        CallResult told = output.told(answer(Outcome.CANCELED, Optional.empty()));
        assertThat(told.text()).isEqualTo("The build was canceled. It printed nothing.");
        assertThat(told.code()).contains("build_canceled");
        assertThat(output.took()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aFailureWithoutWordsHasItsExitCode() {
        BuildAnswer build = new BuildAnswer(
                STAGE, new LogPosition(Topic.BUILD_EVENTS, 0, 0), 1, Outcome.FAILED, Optional.of(3), Optional.empty());

        assertThat(new BuildOutput(100).told(build).text())
                .isEqualTo("The build failed with exit code 3. It printed nothing.");
    }

    /** Of a build that took seven seconds. */
    static BuildOutput output(int maxBytes, String... lines) {
        BuildOutput output = new BuildOutput(maxBytes);
        output.take(event(0, new BuildFact.AttemptStarted("commands")), Verdict.CLAIMS);
        for (String line : lines) {
            output.take(
                    event(
                            1,
                            new BuildFact.ConsoleLines(
                                    "build",
                                    Optional.empty(),
                                    List.of(new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, line)))),
                    Verdict.COUNTS);
        }
        output.take(
                event(
                        9,
                        new BuildFact.BuildCompleted(
                                Outcome.SUCCEEDED,
                                BuildFact.BuildReason.DIRTY_OR_MISSING,
                                Duration.ofSeconds(7),
                                Optional.of(0),
                                Optional.empty(),
                                1,
                                lines.length,
                                0,
                                Optional.empty())),
                Verdict.ENDS);
        return output;
    }

    private static BuildAnswer answer(Outcome outcome, Optional<Failure> failure) {
        return new BuildAnswer(STAGE, new LogPosition(Topic.BUILD_EVENTS, 0, 0), 1, outcome, Optional.empty(), failure);
    }

    private static BuildEvent event(int second, BuildFact fact) {
        return BuildEvent.ofAttempt(
                EventId.of(UUID.randomUUID()),
                STAGE,
                Attempt.FIRST,
                1,
                new WorkerId("worker"),
                Instant.EPOCH.plusSeconds(second),
                fact);
    }
}
