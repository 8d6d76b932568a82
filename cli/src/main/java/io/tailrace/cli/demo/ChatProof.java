package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.demo.WorkerKill.Killed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the demo's chat went as the demo says: what its watchers saw, beside the log and the conversation. Pure.
 *
 * @param cut what came to the watcher whose connection was cut
 * @param uncut what came to the one that was left alone
 * @param logged the run's events, read at the end
 * @param conversation the turns of {@code messages}, read at the end
 */
record ChatProof(
        DemoChat chat,
        List<WatchedEvent> cut,
        List<WatchedEvent> uncut,
        List<WatchedEvent> logged,
        List<JsonNode> conversation,
        Optional<Killed> killed) {

    ChatProof {
        cut = List.copyOf(cut);
        uncut = List.copyOf(uncut);
        logged = List.copyOf(logged);
        conversation = List.copyOf(conversation);
    }

    /** What is not as it should be, for a person; empty when everything is. */
    List<String> flaws() {
        List<String> flaws = new ArrayList<>();
        new Comparison(cut, logged)
                .difference()
                .ifPresent(it -> flaws.add("The stream that was cut is NOT what the log has: " + it));
        new Comparison(uncut, logged)
                .difference()
                .ifPresent(it -> flaws.add("The stream that was never cut is NOT what the log has: " + it));
        takeover().ifPresentOrElse(it -> it.flaw().ifPresent(flaws::add), () -> flaws.add("NO worker was killed"));
        flaws.addAll(conversationFlaws());
        return flaws;
    }

    Optional<Takeover> takeover() {
        return killed.map(it -> new Takeover(it, logged));
    }

    private List<String> conversationFlaws() {
        if (conversation.size() != chat.turns().size()) {
            return List.of("The conversation has " + conversation.size() + " turns, and NOT "
                    + chat.turns().size());
        }
        List<String> flaws = new ArrayList<>();
        List<String> streamed = List.copyOf(answers(cut).values());
        for (int i = 0; i < conversation.size(); i++) {
            JsonNode turn = conversation.get(i);
            DemoChat.Turn expected = chat.turns().get(i);
            String answer = turn.path("assistant").path("text").asText();
            if (!turn.path("user").path("text").asText().equals(expected.question())
                    || !answer.equals(expected.answer())
                    || !turn.path("status").asText().equals("succeeded")) {
                flaws.add("Turn " + (i + 1) + " of the conversation is NOT what was said: " + turn);
            }
            if (i >= streamed.size() || !streamed.get(i).equals(answer)) {
                flaws.add("What was streamed of answer " + (i + 1) + " does NOT come to what the conversation has");
            }
        }
        return flaws;
    }

    /** The answers as a client makes them of the events (docs/chat.md), by stage. */
    private static Map<String, String> answers(List<WatchedEvent> events) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (WatchedEvent event : events) {
            if (event.type().equals("attempt.started")) {
                answers.put(event.stage(), "");
            } else if (event.isAnswerText()) {
                answers.merge(event.stage(), event.payload().path("text").asText(), String::concat);
            }
        }
        return answers;
    }
}
