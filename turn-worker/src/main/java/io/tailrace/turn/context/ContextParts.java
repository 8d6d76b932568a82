package io.tailrace.turn.context;

import java.util.List;
import java.util.Optional;

/**
 * What a context is made of, in the order in which a model reads it: system, memory, skills, team, knowledge, history,
 * the user's message. A part that a turn does not have is empty; its place stays.
 *
 * @param summary what stands for the turns before the history
 * @param history the turns before this one, the oldest first
 * @param unreadable how many turns of the history the log no longer has
 */
public record ContextParts(
        Optional<String> system,
        List<String> memory,
        List<String> skills,
        List<String> team,
        List<String> knowledge,
        Optional<String> summary,
        List<PastTurn> history,
        int unreadable,
        String userMessage) {
    public ContextParts {
        memory = List.copyOf(memory);
        skills = List.copyOf(skills);
        team = List.copyOf(team);
        knowledge = List.copyOf(knowledge);
        history = List.copyOf(history);
    }

    /** Of a chat: a system text, a history, a message. */
    public static ContextParts ofChat(
            Optional<String> system, List<PastTurn> history, int unreadable, String userMessage) {
        Optional<String> summary =
                history.reversed().stream().flatMap(it -> it.summary().stream()).findFirst();
        return new ContextParts(
                system, List.of(), List.of(), List.of(), List.of(), summary, history, unreadable, userMessage);
    }

    /** Of a prompt of a plan: a system text and a text, without any history. */
    public static ContextParts ofPrompt(Optional<String> system, String text) {
        return ofChat(system, List.of(), 0, text);
    }

    /** With a summary for the beginning of the history, and the turns that it does not stand for. */
    public ContextParts compacted(String newSummary, List<PastTurn> kept) {
        return new ContextParts(system, memory, skills, team, knowledge, Optional.of(newSummary), kept, 0, userMessage);
    }

    /** The same, with these passages as its knowledge. */
    public ContextParts told(List<String> passages) {
        return new ContextParts(system, memory, skills, team, passages, summary, history, unreadable, userMessage);
    }

    /** How many tokens the history has, its summary included; estimated. */
    public long historyTokens() {
        return history.stream().mapToLong(PastTurn::tokens).sum()
                + summary.map(Compactor::introduced).map(Tokens::of).orElse(0L);
    }
}
