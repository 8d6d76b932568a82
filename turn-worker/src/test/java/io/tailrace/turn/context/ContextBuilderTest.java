package io.tailrace.turn.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact.ContextPart;
import io.tailrace.events.stage.TurnFact.ContextShare;
import io.tailrace.turn.provider.ModelMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContextBuilderTest {

    @Test
    void allPartsStandInTheirOrder() {
        ContextParts parts = new ContextParts(
                Optional.of("system"),
                List.of("memory"),
                List.of("skill"),
                List.of("team"),
                List.of("knowledge"),
                Optional.of("summary"),
                List.of(turn("q1", "a1"), turn("q2", "a2")),
                0,
                "question");

        ContextBuilder.Built built = built(new ContextBuilder(1000, 100), parts);

        assertThat(built.system())
                .contains("system\n\nmemory\n\nskill\n\nteam\n\nknowledge\n\n"
                        + "Summary of the conversation so far:\nsummary");
        assertThat(built.messages())
                .containsExactly(
                        new ModelMessage.User("q1"),
                        ModelMessage.Assistant.of("a1"),
                        new ModelMessage.User("q2"),
                        ModelMessage.Assistant.of("a2"),
                        new ModelMessage.User("question"));
        assertThat(built.report().parts()).extracting(ContextShare::part).containsExactly(ContextPart.values());
        assertThat(built.report().parts())
                .extracting(ContextShare::trimmedMessages)
                .containsOnly(0);
    }

    @Test
    void emptyPartsKeepTheirPlace() {
        ContextBuilder.Built built =
                built(new ContextBuilder(1000, 100), ContextParts.ofChat(Optional.empty(), List.of(), 0, "question"));

        assertThat(built.system()).isEmpty();
        assertThat(built.messages()).containsExactly(new ModelMessage.User("question"));
        assertThat(built.report().parts()).hasSize(ContextPart.values().length);
    }

    @Test
    void theOldestTurnsAreLeftOutAndItIsSaid() {
        List<PastTurn> history = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            history.add(turn("question " + i + "x".repeat(90), "answer " + i + "x".repeat(92)));
        }

        ContextBuilder.Built built =
                built(new ContextBuilder(400, 100), ContextParts.ofChat(Optional.of("s"), history, 0, "now"));

        assertThat(built.report().tokens()).isLessThanOrEqualTo(300);
        assertThat(built.messages()).hasSize(11);
        assertThat(built.messages().getFirst().text()).startsWith("question 5");
        assertThat(built.report().parts().get(5).trimmedMessages()).isEqualTo(10);
    }

    @Test
    void whatTheLogNoLongerHasCountsAsLeftOut() {
        ContextBuilder.Built built = built(
                new ContextBuilder(1000, 100),
                ContextParts.ofChat(Optional.empty(), List.of(turn("q", "a")), 3, "question"));

        assertThat(built.report().parts().get(5).trimmedMessages()).isEqualTo(6);
    }

    @Test
    void whatFailedIsNoPartOfLaterContexts() {
        PastTurn failed = new PastTurn("failed", message("partial"), false, Optional.empty());
        PastTurn silent = new PastTurn("canceled at once", message(""), true, Optional.empty());

        ContextBuilder.Built built = built(
                new ContextBuilder(1000, 100),
                ContextParts.ofChat(Optional.empty(), List.of(failed, silent, turn("q", "a")), 0, "question"));

        assertThat(built.messages()).extracting(ModelMessage::text).containsExactly("q", "a", "question");
        assertThat(built.report().parts().get(5).trimmedMessages()).isZero();
    }

    @Test
    void theLastSummaryStandsForWhatCameBeforeTheHistory() {
        PastTurn first = new PastTurn("q1", message("a1"), true, Optional.of("old summary"));
        PastTurn second = new PastTurn("q2", message("a2"), true, Optional.of("new summary"));

        ContextBuilder.Built built = built(
                new ContextBuilder(1000, 100),
                ContextParts.ofChat(Optional.empty(), List.of(first, second, turn("q3", "a3")), 0, "question"));

        assertThat(built.system().orElseThrow()).contains("new summary").doesNotContain("old summary");
        assertThat(built.messages()).hasSize(7);
    }

    @Test
    void aMessageThatIsTooLargeForTheWindowIsAnOverflow() {
        assertThat(new ContextBuilder(100, 50)
                        .build(ContextParts.ofChat(Optional.of("s".repeat(100)), List.of(), 0, "m".repeat(100))))
                .isEqualTo(new ContextBuilder.Overflow(58, 50));
    }

    @Property
    void whatIsBuiltFitsAndEndsWithTheMessage(
            @ForAll @IntRange(min = 50, max = 5000) int window,
            @ForAll @IntRange(min = 0, max = 400) int size,
            @ForAll @IntRange(min = 0, max = 30) int turns) {
        List<PastTurn> history = IntStream.range(0, turns)
                .mapToObj(it -> turn("q" + it + "x".repeat(size), "a" + it + "x".repeat(size)))
                .toList();
        ContextBuilder builder = new ContextBuilder(window, 20);

        ContextBuilder.Built built = built(builder, ContextParts.ofChat(Optional.of("s"), history, 0, "question"));

        assertThat(built.report().tokens()).isLessThanOrEqualTo(builder.limit());
        assertThat(built.messages().getLast()).isEqualTo(new ModelMessage.User("question"));
        int kept = (built.messages().size() - 1) / 2;
        assertThat(built.report().parts().get(5).trimmedMessages()).isEqualTo(2 * (turns - kept));
        assertThat(built.messages().stream().map(ModelMessage::text).toList())
                .as("the newest turns, without a gap")
                .startsWith(history.subList(turns - kept, turns).stream()
                        .map(PastTurn::text)
                        .findFirst()
                        .orElse("question"));
    }

    static ContextBuilder.Built built(ContextBuilder builder, ContextParts parts) {
        return (ContextBuilder.Built) builder.build(parts);
    }

    static PastTurn turn(String text, String answer) {
        return new PastTurn(text, message(answer), true, Optional.empty());
    }

    static AssistantMessage message(String text) {
        return new AssistantMessage(text, Optional.empty(), List.of());
    }
}
