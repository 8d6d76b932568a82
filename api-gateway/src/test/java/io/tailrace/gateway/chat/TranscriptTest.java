package io.tailrace.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.StageId;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.AssistantMessage.ToolCall;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.events.stage.TurnFact.FinishReason;
import io.tailrace.events.stage.TurnFact.ModelDelta;
import io.tailrace.events.stage.TurnFact.ToolCallPart;
import io.tailrace.events.stage.TurnFact.ToolCallsRequested;
import io.tailrace.events.stage.TurnFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Given these events, this is the conversation. */
class TranscriptTest {
    private final ChatScript chat = new ChatScript();

    private static Transcript folded(Selection selection, ChatScript chat) {
        Transcript transcript = new Transcript(selection);
        chat.events().forEach(it -> transcript.accept(it.event()));
        return transcript;
    }

    private List<ConversationTurn> turns() {
        return folded(new Selection.Page(Optional.empty(), 100, Long.MAX_VALUE), chat)
                .turns();
    }

    private ConversationTurn last() {
        return turns().getLast();
    }

    @Test
    void aTurnThatWaitsHasItsQuestionAndNothingElse() {
        chat.submit();
        assertThat(last().status()).isEqualTo(TurnStatus.QUEUED);
        assertThat(last().user()).contains(new ConversationTurn.UserMessage("question 1"));
        assertThat(last().assistant()).isEqualTo(AssistantMessage.EMPTY);
        assertThat(last().attempts()).isZero();
        assertThat(last().stageId()).isEmpty();
    }

    @Test
    void aTurnThatIsBeingAnsweredHasTheTextSoFar() {
        chat.submit().dispatch().claim().deltas("Hel", "lo").deltas(", wor");
        assertThat(last().status()).isEqualTo(TurnStatus.RUNNING);
        assertThat(last().assistant().text()).isEqualTo("Hello, wor");
        assertThat(last().provider()).contains("scripted");
        assertThat(last().model()).contains("script-1");
        assertThat(last().step()).contains(1);
        assertThat(last().startedAt()).isPresent();
        assertThat(last().finishedAt()).isEmpty();
    }

    @Test
    void anAnsweredTurnHasItAll() {
        chat.submit()
                .dispatch()
                .claim()
                .deltas("Hel", "lo")
                .usage(Billing.BILLED)
                .complete("Hello.")
                .finish();
        assertThat(last().status()).isEqualTo(TurnStatus.SUCCEEDED);
        assertThat(last().assistant().text()).isEqualTo("Hello.");
        assertThat(last().usage().outputTokens()).contains(9L);
        assertThat(last().finishReason()).contains(FinishReason.STOP);
        assertThat(last().attempts()).isEqualTo(1);
        assertThat(last().finishedAt()).isPresent();
        assertThat(last().failure()).isEmpty();
    }

    @Test
    void whatLostAttemptsWroteIsGoneAsSoonAsAnotherBegins() {
        chat.submit().dispatch().claim().deltas("lost").usage(Billing.BILLED).claim();
        assertThat(last().assistant().text()).isEmpty();
        assertThat(last().usage().outputTokens()).isEmpty();
        chat.deltas("lost too")
                .claim()
                .usage(Billing.LOST_ATTEMPT)
                .deltas("found")
                .usage(Billing.BILLED);
        assertThat(last().assistant().text()).isEqualTo("found");
        assertThat(last().usage().outputTokens()).contains(7L);
        assertThat(last().attempts()).isEqualTo(3);
    }

    @Test
    void aCheckpointIsTheWholeOfWhatThereIs() {
        chat.submit()
                .dispatch()
                .claim()
                .deltas("one ")
                .claim()
                .checkpoint("one ")
                .deltas("two");
        assertThat(last().assistant().text()).isEqualTo("one two");
    }

    @Test
    void aTurnThatWasPausedIsOneTurn() {
        chat.submit().dispatch().claim().deltas("Let me see.").pauseAndGoOn();
        assertThat(last().status()).isEqualTo(TurnStatus.RUNNING);
        assertThat(last().assistant()).isEqualTo(AssistantMessage.EMPTY);
        assertThat(last().usage().outputTokens()).contains(4L);
        assertThat(last().provider()).contains("other");
        assertThat(last().user()).contains(new ConversationTurn.UserMessage("question"));
        assertThat(last().stageId().map(StageId::number)).contains(3);
        chat.deltas("Seen.").complete("Seen.").finish();
        assertThat(turns()).hasSize(1);
        assertThat(last().status()).isEqualTo(TurnStatus.SUCCEEDED);
        assertThat(last().assistant().text()).isEqualTo("Seen.");
        assertThat(last().usage().outputTokens()).contains(13L);
    }

    @Test
    void aFailedTurnKeepsWhatItHadAndSaysWhy() {
        chat.submit().dispatch().claim().deltas("half").fail("timeout").finish();
        assertThat(last().status()).isEqualTo(TurnStatus.FAILED);
        assertThat(last().assistant().text()).isEqualTo("half");
        assertThat(last().failure()).contains(new TurnFailure("timeout", "it did not work", true, Map.of("k", "v")));
        chat.submit().dispatch().claim().deltas("a").fail("canceled").finish();
        assertThat(last().status()).isEqualTo(TurnStatus.CANCELED);
    }

    @Test
    void aTurnThatWasEndedByForceKeepsWhatItHad() {
        chat.submit().dispatch().claim().deltas("half").abort();
        assertThat(last().status()).isEqualTo(TurnStatus.FAILED);
        assertThat(last().failure().orElseThrow().code()).isEqualTo("stage_deadline");
        chat.finish();
        assertThat(last().assistant().text()).isEqualTo("half");
        assertThat(last().failure().orElseThrow().code()).isEqualTo("stage_deadline");
    }

    @Test
    void aTurnWhoseChapterIsGoneIsWhatItsStageSays() {
        chat.submit().dispatch().claim().complete("gone").finish();
        Transcript transcript = new Transcript(new Selection.Page(Optional.empty(), 9, Long.MAX_VALUE));
        chat.events().stream()
                .map(ChatScript.Told::event)
                .filter(it -> it.attempt().isEmpty())
                .forEach(transcript::accept);
        ConversationTurn turn = transcript.turns().getLast();
        assertThat(turn.status()).isEqualTo(TurnStatus.SUCCEEDED);
        assertThat(turn.user()).isPresent();
        assertThat(turn.assistant().text()).isEmpty();
    }

    @Test
    void aTurnThatWasAcceptedAndThenRejectedIsPartOfTheConversationAndOneThatNeverWasIsNot() {
        chat.submit().rejectNew().rejectWaiting();
        assertThat(turns()).hasSize(1);
        assertThat(last().status()).isEqualTo(TurnStatus.REJECTED);
        assertThat(last().failure().orElseThrow().code()).isEqualTo("interrupted");
    }

    @Test
    void oneTurnIsFoundThoughItWasNeverAccepted() {
        chat.submit().rejectNew();
        Transcript one = folded(new Selection.One(ChatScript.turn(1001)), chat);
        assertThat(one.turns().getLast().status()).isEqualTo(TurnStatus.REJECTED);
        assertThat(one.turns().getLast().user()).isEmpty();
        assertThat(one.isComplete()).isTrue();
    }

    @Test
    void reasoningAndToolCallsAreFoldedByTheirKind() {
        chat.submit().dispatch().claim();
        chat.chapter(new ModelDelta(List.of(
                new Delta(DeltaKind.REASONING, "hm", Optional.empty()),
                call(0, "{\"a\"", "call-1", "search"),
                new Delta(DeltaKind.TEXT, "wait", Optional.empty()))));
        chat.chapter(new ModelDelta(List.of(
                call(0, ":1}", "", ""),
                call(1, "{}", "call-2", "clock"),
                new Delta(DeltaKind.REASONING, "!", Optional.empty()))));
        assertThat(last().assistant())
                .isEqualTo(new AssistantMessage(
                        "wait",
                        Optional.of("hm!"),
                        List.of(new ToolCall("call-1", "search", "{\"a\":1}"), new ToolCall("call-2", "clock", "{}"))));
    }

    @Test
    void afterARoundOfCallsTheAnswerBeginsAnewAndSoDoTheIndexesOfItsCalls() {
        chat.submit().dispatch().claim().deltas("Let me look.");
        chat.chapter(new ModelDelta(List.of(call(0, "{}", "call-1", "search"))));
        assertThat(last().assistant().toolCalls()).hasSize(1);
        chat.chapter(new ToolCallsRequested(1, last().assistant(), false));
        assertThat(last().assistant()).isEqualTo(AssistantMessage.EMPTY);
        chat.chapter(new ModelDelta(List.of(call(0, "{\"b\":2}", "call-2", "clock"))));
        chat.deltas("Found.");
        assertThat(last().assistant())
                .isEqualTo(new AssistantMessage(
                        "Found.", Optional.empty(), List.of(new ToolCall("call-2", "clock", "{\"b\":2}"))));
    }

    private static Delta call(int index, String arguments, String id, String name) {
        return new Delta(
                DeltaKind.TOOL_CALL,
                arguments,
                Optional.of(new ToolCallPart(
                        index,
                        Optional.of(id).filter(it -> !it.isEmpty()),
                        Optional.of(name).filter(it -> !it.isEmpty()))));
    }

    @Test
    void aPageEndsWhenItIsLargeButHasAlwaysOneTurn() {
        for (int i = 0; i < 4; i++) {
            chat.submit().dispatch().claim().complete("0123456789").finish();
        }
        Transcript page = folded(new Selection.Page(Optional.empty(), 100, 30), chat);
        assertThat(page.turns()).hasSize(2);
        assertThat(page.hasMore()).isTrue();
        assertThat(page.isComplete()).isTrue();
        assertThat(folded(new Selection.Page(Optional.of(ChatScript.turn(3)), 100, 1), chat)
                        .turns())
                .extracting(ConversationTurn::turnId)
                .containsExactly(ChatScript.turn(4));
    }

    @Test
    void aPageAfterATurnThatIsNotThereHasNotBegun() {
        chat.submit();
        Transcript page = folded(new Selection.Page(Optional.of(ChatScript.turn(7)), 10, 10), chat);
        assertThat(page.hasBegun()).isFalse();
        assertThat(page.turns()).isEmpty();
    }
}
