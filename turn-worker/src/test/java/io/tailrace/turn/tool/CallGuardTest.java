package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.stage.TurnFailure;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CallGuardTest {
    private final CallGuard guard = new CallGuard();
    private int round;

    @Test
    void theSameCallWithTheSameResultIsToldTheThirdTimeAndEndsTheFifth() {
        assertThat(next("a", "1")).isEmpty();
        assertThat(next("a", "1")).isEmpty();
        assertThat(next("a", "1")).hasValueSatisfying(it -> assertThat(it).contains("3 times"));
        assertThat(guard.ended()).isEmpty();
        assertThat(next("a", "1")).isPresent();
        assertThat(guard.ended()).isEmpty();
        assertThat(next("a", "1")).isPresent();

        TurnFailure failure = guard.ended().orElseThrow();
        assertThat(failure.code()).isEqualTo("tool_loop");
        assertThat(failure.details())
                .containsEntry("pattern", "repeated_call")
                .containsEntry("tool", "t")
                .containsEntry("times", "5")
                .containsEntry("rounds", "1,2,3,4,5");
    }

    @Test
    void pollingWhoseResultChangesIsNoCircle() {
        for (int i = 0; i < 50; i++) {
            assertThat(next("a", "at " + i)).isEmpty();
        }
        assertThat(guard.ended()).isEmpty();
    }

    @Test
    void twoCallsInTurnAreACircle() {
        for (int i = 0; i < 4; i++) {
            assertThat(next(i % 2 == 0 ? "a" : "b", "same")).isEmpty();
        }
        assertThat(next("a", "same")).isPresent();
        assertThat(next("b", "same")).isPresent();
        next("a", "same");
        next("b", "same");
        next("a", "same");

        assertThat(guard.ended())
                .hasValueSatisfying(it -> assertThat(it.details()).containsEntry("pattern", "ping_pong"));
    }

    @Test
    void argumentsThatSayTheSameAreTheSameCall() {
        guard("{\"x\": 1, \"y\": [2]}");
        guard("{\"y\":[2],\"x\":1}");

        assertThat(guard(" { \"x\" :1, \"y\":[ 2 ] } ")).isPresent();
    }

    private Optional<String> guard(String arguments) {
        round++;
        return guard.observe(
                new ToolCallRef(round, 0, "c", "t"), arguments, ToolOutcome.SUCCEEDED, Optional.empty(), "r", 1);
    }

    @Test
    void aStreakOfFailuresIsToldTheFifthTimeAndEndsTheSeventh() {
        for (int i = 1; i <= 4; i++) {
            assertThat(fails(i)).isEmpty();
        }
        assertThat(fails(5)).isPresent();
        assertThat(fails(6)).isPresent();
        assertThat(guard.ended()).isEmpty();
        assertThat(fails(7)).isPresent();
        assertThat(guard.ended())
                .hasValueSatisfying(it -> assertThat(it.details()).containsEntry("pattern", "failures"));
    }

    @Test
    void aSuccessEndsAStreakOfFailures() {
        for (int i = 1; i <= 4; i++) {
            fails(i);
        }
        next("a", "fine");

        assertThat(fails(5)).isEmpty();
    }

    @Test
    void whatIsCalledInOneRoundEndsNothingBecauseTheModelWasNotTold() {
        for (int i = 0; i < 20; i++) {
            Optional<String> _ = guard.observe(
                    new ToolCallRef(1, i, "c", "t"), "{}", ToolOutcome.SUCCEEDED, Optional.empty(), "same", 4);
        }

        assertThat(guard.ended()).isEmpty();
    }

    @Test
    void callsThatWereOneTooManyHaveABoundOfTheirOwn() {
        for (int i = 1; i < 20; i++) {
            assertThat(guard.observe(
                            new ToolCallRef(i, 0, "c", "t"),
                            "{}",
                            ToolOutcome.REFUSED,
                            Optional.of(CallGuard.TOO_MANY_CALLS),
                            "no",
                            2))
                    .isEmpty();
        }
    }

    /** Two guards that are shown the same say the same, and none ends a turn whose model was not told in an earlier round. */
    @Property
    void itFollowsFromWhatItIsShown(@ForAll @Size(max = 40) List<@IntRange(max = 11) Integer> calls) {
        CallGuard one = new CallGuard();
        CallGuard other = new CallGuard();
        boolean told = false;
        for (int i = 0; i < calls.size(); i++) {
            int call = calls.get(i);
            ToolCallRef ref = new ToolCallRef(i + 1, 0, "c", "t" + call % 3);
            ToolOutcome outcome = call % 2 == 0 ? ToolOutcome.SUCCEEDED : ToolOutcome.FAILED;
            Optional<String> said = one.observe(ref, "{}", outcome, Optional.empty(), "r" + call / 6, 2);
            assertThat(other.observe(ref, "{}", outcome, Optional.empty(), "r" + call / 6, 2))
                    .isEqualTo(said);
            assertThat(other.ended()).isEqualTo(one.ended());
            assertThat(told || one.ended().isEmpty()).isTrue();
            told |= said.isPresent();
        }
    }

    private Optional<String> next(String arguments, String result) {
        round++;
        return guard.observe(
                new ToolCallRef(round, 0, "c", "t"), arguments, ToolOutcome.SUCCEEDED, Optional.empty(), result, 1);
    }

    private Optional<String> fails(int number) {
        round++;
        return guard.observe(
                new ToolCallRef(round, 0, "c", "t"),
                "{\"n\":" + number + "}",
                ToolOutcome.FAILED,
                Optional.of("http_status"),
                "no",
                2);
    }
}
