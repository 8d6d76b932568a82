package io.tailrace.cli.demo;

import static io.tailrace.cli.demo.Events.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.demo.WorkerKill.Killed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatProofTest {
    private static final DemoChat CHAT = new DemoChat(
            json("{}"),
            new DemoChat.Turn("one?", json("{'text':'one one'}")),
            new DemoChat.Turn("two?", json("{'text':'two two'}")));
    private static final List<WatchedEvent> LOG = log("w2", 4);
    private static final List<JsonNode> CONVERSATION = List.of(
            json("{'status':'succeeded','user':{'text':'one?'},'assistant':{'text':'one one'}}"),
            json("{'status':'succeeded','user':{'text':'two?'},'assistant':{'text':'two two'}}"));

    private static List<WatchedEvent> log(String secondWorker, int supersedesFrom) {
        return new Events()
                .add("s1", 1, "w1", "attempt.started", "{}")
                .answer("s1", 1, "w1", "one ", "one")
                .add("s2", 1, "w1", "attempt.started", "{}")
                .answer("s2", 1, "w1", "two ")
                .add("s2", 2, secondWorker, "attempt.started", "{'supersedes_from_sequence':" + supersedesFrom + "}")
                .answer("s2", 2, secondWorker, "two ", "two")
                .list();
    }

    private static Optional<Killed> killed() {
        return Optional.of(new Killed("turn-worker-1", 7, LOG.get(3), 1));
    }

    private static List<WatchedEvent> without(int index, List<WatchedEvent> events) {
        List<WatchedEvent> rest = new ArrayList<>(events);
        rest.remove(index);
        return rest;
    }

    private static List<String> flaws(List<WatchedEvent> cut, List<WatchedEvent> uncut, List<WatchedEvent> logged) {
        return new ChatProof(CHAT, cut, uncut, logged, CONVERSATION, killed()).flaws();
    }

    private static List<String> flaws(List<JsonNode> conversation) {
        return new ChatProof(CHAT, LOG, LOG, LOG, conversation, killed()).flaws();
    }

    @Test
    void aChatThatWentAsItShouldHasNoFlaw() {
        assertThat(flaws(LOG, LOG, LOG)).isEmpty();
    }

    @Test
    void anEventThatAWatcherMissedIsAFlaw() {
        assertThat(flaws(without(1, LOG), LOG, LOG))
                .anyMatch(it -> it.startsWith("The stream that was cut is NOT what the log has"))
                .anyMatch(it -> it.contains("streamed of answer 1"));
        assertThat(flaws(LOG, without(6, LOG), LOG))
                .singleElement()
                .asString()
                .startsWith("The stream that was never cut is NOT what the log has");
    }

    @Test
    void aSecondAttemptThatDidNotHappenOrIsNotAsItShouldBeIsAFlaw() {
        List<WatchedEvent> once = LOG.subList(0, 5);
        assertThat(flaws(once, once, once)).contains("There was NO second attempt after the kill");
        List<WatchedEvent> risen = log("w1", 4);
        assertThat(flaws(risen, risen, risen)).containsExactly("The worker that was killed has NOT stopped writing");
        List<WatchedEvent> wrong = log("w2", 5);
        assertThat(flaws(wrong, wrong, wrong))
                .containsExactly("The second attempt supersedes what comes from event 5 on, and NOT from 4 on");
        assertThat(new ChatProof(CHAT, LOG, LOG, LOG, CONVERSATION, Optional.empty()).flaws())
                .containsExactly("NO worker was killed");
    }

    @Test
    void aConversationThatIsNotWhatWasSaidIsAFlaw() {
        assertThat(flaws(CONVERSATION.subList(0, 1))).containsExactly("The conversation has 1 turns, and NOT 2");
        JsonNode doubled = json("{'status':'succeeded','user':{'text':'two?'},'assistant':{'text':'two two two'}}");
        assertThat(flaws(List.of(CONVERSATION.get(0), doubled)))
                .anyMatch(it -> it.startsWith("Turn 2 of the conversation is NOT what was said"))
                .anyMatch(it -> it.contains("streamed of answer 2"));
        JsonNode failed = json("{'status':'failed','user':{'text':'one?'},'assistant':{'text':'one one'}}");
        assertThat(flaws(List.of(failed, CONVERSATION.get(1))))
                .singleElement()
                .asString()
                .startsWith("Turn 1 of the conversation");
    }
}
