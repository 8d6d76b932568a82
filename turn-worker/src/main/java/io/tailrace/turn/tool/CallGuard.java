package io.tailrace.turn.tool;

import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Notices calls that go in a circle: the same call with the same result {@value #SAME} times, whatever is called in
 * between, so that two calls in turn are noticed too; or {@value #FAILURES} calls in a row that failed. First the model is
 * told. If it goes on {@value #MORE} times after a round in which it was told, the turn is to end. A call whose result
 * changes is no circle. What it says follows from the calls that it was shown, in their order. Confined to one thread.
 */
public final class CallGuard {
    static final int SAME = 3;
    static final int FAILURES = 5;
    static final int MORE = 2;

    /** Its calls have a bound of their own. */
    public static final String TOO_MANY_CALLS = "too_many_calls";

    private static final int SHOWN = 500;

    private final Map<Key, Circle> sameResults = new HashMap<>();
    private final List<Key> seen = new ArrayList<>();
    private Circle failures = Circle.none();
    private Optional<TurnFailure> ended = Optional.empty();

    private record Key(String tool, String arguments) {}

    private record Result(ToolOutcome outcome, Optional<String> code, String text, long bytes) {}

    /** What was the same again and again. */
    private static final class Circle {
        private final Optional<Result> result;
        private final int begin;
        private final Set<Integer> rounds = new TreeSet<>();
        private int times;
        private int toldIn;
        private int since;

        Circle(Optional<Result> result, int begin) {
            this.result = result;
            this.begin = begin;
        }

        static Circle none() {
            return new Circle(Optional.empty(), 0);
        }

        /** One more time; answers whether the model is to be told. */
        boolean again(int round, int bound) {
            times++;
            rounds.add(round);
            if (times < bound) {
                return false;
            }
            if (toldIn == 0) {
                toldIn = round;
            } else if (round > toldIn) {
                since++;
            }
            return true;
        }

        boolean goesOn() {
            return since >= MORE;
        }
    }

    /**
     * Takes the next call that has ended.
     *
     * @param arguments as the model wrote them
     * @return what the model is to be told besides, if it goes in a circle
     */
    public Optional<String> observe(
            ToolCallRef call, String arguments, ToolOutcome outcome, Optional<String> code, String result, long bytes) {
        if (code.equals(Optional.of(TOO_MANY_CALLS))) {
            return Optional.empty();
        }
        Key key = new Key(call.tool(), ToolArguments.canonical(arguments));
        seen.add(key);
        Optional<Result> now = Optional.of(new Result(outcome, code, result, bytes));
        Circle same = sameResults.compute(
                key,
                (_, before) -> before != null && before.result.equals(now) ? before : new Circle(now, seen.size() - 1));
        boolean repeats = same.again(call.round(), SAME);
        if (outcome == ToolOutcome.SUCCEEDED) {
            failures = Circle.none();
        }
        boolean fails = outcome != ToolOutcome.SUCCEEDED && failures.again(call.round(), FAILURES);
        if (ended.isEmpty() && repeats && same.goesOn()) {
            ended = Optional.of(endedBy(pattern(same), key, same));
        } else if (ended.isEmpty() && fails && failures.goesOn()) {
            ended = Optional.of(endedBy("failures", key, failures));
        }
        if (repeats) {
            return Optional.of("This call had the same result " + same.times
                    + " times. Do something else, or answer with what you have; the turn ends if this goes on.");
        }
        return fails
                ? Optional.of(
                        "The last " + failures.times
                                + " calls failed. Do something else, or answer with what you have; the turn ends if this goes on.")
                : Optional.empty();
    }

    /** The same, of what the log has. */
    public Optional<String> observe(String arguments, ToolExecutionCompleted ended) {
        return observe(ended.call(), arguments, ended.outcome(), ended.code(), ended.result(), ended.resultBytes());
    }

    /** What the turn is to fail with, if the model went on although it was told. */
    public Optional<TurnFailure> ended() {
        return ended;
    }

    private String pattern(Circle circle) {
        Set<Key> others = new HashSet<>(seen.subList(circle.begin, seen.size()));
        boolean alternates = others.size() == 2
                && others.stream().allMatch(it -> {
                    Circle own = sameResults.get(it);
                    return own != null && own.times >= SAME;
                });
        return alternates ? "ping_pong" : "repeated_call";
    }

    private static TurnFailure endedBy(String pattern, Key last, Circle circle) {
        String what = pattern.equals("failures")
                ? circle.times + " calls in a row failed"
                : "The tool " + last.tool() + " was called " + circle.times + " times with the same result";
        return new TurnFailure(
                "tool_loop",
                what + ", although the model was told. Change the prompt, or its tools.",
                false,
                Map.of(
                        "pattern",
                        pattern,
                        "tool",
                        last.tool(),
                        "arguments",
                        Excerpt.of(last.arguments(), SHOWN),
                        "times",
                        Integer.toString(circle.times),
                        "rounds",
                        circle.rounds.stream().map(String::valueOf).collect(Collectors.joining(","))));
    }
}
