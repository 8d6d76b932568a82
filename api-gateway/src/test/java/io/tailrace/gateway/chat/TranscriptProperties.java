package io.tailrace.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunFact;
import io.tailrace.gateway.chat.ChatScript.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of the fold whatever happens in a chat: turns that wait, attempts that are lost, forced ends. */
class TranscriptProperties {
    @Provide
    Arbitrary<ChatScript> scripts() {
        return Arbitraries.integers()
                .between(0, 119)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80)
                .map(steps -> {
                    ChatScript script = new ChatScript().submit();
                    steps.forEach(script::step);
                    return script;
                });
    }

    private static Transcript page(Optional<TurnId> after, int limit) {
        return new Transcript(new Selection.Page(after, limit, Long.MAX_VALUE));
    }

    private static Transcript whole() {
        return page(Optional.empty(), Integer.MAX_VALUE);
    }

    private static Transcript folded(Transcript transcript, List<Told> events) {
        for (Told told : events) {
            if (transcript.wants(told.headers())) {
                transcript.accept(told.event());
            }
        }
        return transcript;
    }

    @Property
    void everyTurnIsWhatItsLastAttemptMadeOfIt(@ForAll("scripts") ChatScript script) {
        List<ConversationTurn> turns = folded(whole(), script.events()).turns();
        assertThat(turns).extracting(ConversationTurn::turnId).containsExactlyElementsOf(script.accepted());
        for (ConversationTurn turn : turns) {
            ChatScript.Wanted wanted = script.wanted(turn.turnId());
            assertThat(turn.status()).isEqualTo(wanted.status);
            assertThat(turn.assistant().text()).isEqualTo(wanted.text);
            assertThat(turn.usage().outputTokens().orElse(0L)).isEqualTo(wanted.outputTokens);
            assertThat(turn.attempts()).isEqualTo(wanted.attempts);
        }
    }

    @Property
    void aFoldGoesOnFromEveryCut(@ForAll("scripts") ChatScript script) {
        List<Told> events = script.events();
        List<ConversationTurn> all = folded(whole(), events).turns();
        for (int cut = 0; cut <= events.size(); cut++) {
            Transcript transcript = folded(whole(), events.subList(0, cut));
            List<ConversationTurn> now = transcript.turns();
            assertThat(transcript.turns()).isEqualTo(now);
            assertThat(folded(transcript, events.subList(cut, events.size())).turns())
                    .isEqualTo(all);
        }
    }

    @Property
    void pagesTogetherAreTheWhole(@ForAll("scripts") ChatScript script) {
        List<ConversationTurn> all = folded(whole(), script.events()).turns();
        for (int limit = 1; limit <= 3; limit++) {
            List<ConversationTurn> pages = new ArrayList<>();
            Optional<TurnId> after = Optional.empty();
            boolean more = true;
            while (more) {
                Transcript page = page(after, limit);
                for (Told told : script.events()) {
                    // What is complete needs no more.
                    if (!page.isComplete() && page.wants(told.headers())) {
                        page.accept(told.event());
                    }
                }
                pages.addAll(page.turns());
                more = page.hasMore();
                after = page.turns().isEmpty()
                        ? after
                        : Optional.of(page.turns().getLast().turnId());
            }
            assertThat(pages).isEqualTo(all);
        }
    }

    @Property
    void whatTheSpineSaysBeforeItsTimeChangesNothingWhenItIsSaidAgain(@ForAll("scripts") ChatScript script) {
        List<Told> events = script.events();
        List<ConversationTurn> all = folded(whole(), events).turns();
        for (int cut = 0; cut <= events.size(); cut++) {
            Transcript transcript = folded(whole(), events.subList(0, cut));
            for (Told later : events.subList(cut, events.size())) {
                if (later.event().said().payload() instanceof RunFact.StageFinished) {
                    break;
                }
                if (later.event().said().payload() instanceof RunFact.TurnSubmitted
                        || later.event().said().payload() instanceof RunFact.TurnRejected) {
                    transcript.accept(later.event());
                }
            }
            assertThat(folded(transcript, events.subList(cut, events.size())).turns())
                    .isEqualTo(all);
        }
    }

    @Property
    void theLatestCheckpointIsFoundWithoutKeepingTheRest(@ForAll("scripts") ChatScript script) {
        Transcript latest = folded(new Transcript(new Selection.LatestCheckpoint()), script.events());
        Optional<Long> expected = Optional.empty();
        for (ConversationTurn turn : folded(whole(), script.events()).turns()) {
            Transcript one = folded(new Transcript(new Selection.One(turn.turnId())), script.events());
            Optional<Long> before = expected;
            expected = one.turn(turn.turnId())
                    .flatMap(TurnFold::checkpoint)
                    .map(Checkpoint::sequence)
                    .or(() -> before);
        }
        assertThat(latest.latestCheckpointed().flatMap(TurnFold::checkpoint).map(Checkpoint::sequence))
                .isEqualTo(expected);
        assertThat(latest.turns().stream().filter(it -> it.finishedAt().isPresent()))
                .hasSizeLessThanOrEqualTo(2);
    }
}
