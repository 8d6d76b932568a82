package io.tailrace.turn.context;

import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.provider.ModelMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says when a history has outgrown its share of the window, which turns a summary is to stand for, and what to ask of
 * the model that writes it; and sums up by rule where no model can. Pure.
 *
 * @param maxTokens how large a history may become
 * @param maxTurns how many turns it may have
 */
public record Compactor(long maxTokens, int maxTurns) {
    /** How many turns, the last ones, are never summed up. */
    public static final int KEPT_TURNS = 2;

    private static final int RULE_CHARACTERS_PER_MESSAGE = 160;
    private static final int MAX_SUMMARY_CHARACTERS = 8_000;

    /**
     * How many of the turns, the oldest, a summary has to stand for from now on.
     *
     * @return 0 while the history is small enough
     */
    public int due(List<PastTurn> history) {
        long tokens = history.stream().mapToLong(PastTurn::tokens).sum();
        if (tokens <= maxTokens && history.size() <= maxTurns) {
            return 0;
        }
        return Math.max(0, history.size() - KEPT_TURNS);
    }

    /** What a model is asked: the conversation to be summed up, an earlier summary first. */
    public static List<ModelMessage> question(Optional<String> earlier, List<PastTurn> turns) {
        List<ModelMessage> messages = new ArrayList<>();
        earlier.ifPresent(it -> {
            messages.add(new ModelMessage.User(introduced(it)));
            messages.add(ModelMessage.Assistant.of("Understood."));
        });
        for (PastTurn turn : turns) {
            if (turn.isPartOfContext()) {
                messages.add(new ModelMessage.User(turn.text()));
                messages.add(ModelMessage.Assistant.of(turn.answer().text()));
            }
        }
        messages.add(new ModelMessage.User(
                "Sum up our conversation so far, for yourself, so that it can go on from your summary alone. Keep"
                        + " decisions, facts, names, numbers and open questions. Write nothing but the summary."));
        return messages;
    }

    /** A summary by rule: the beginning of every message, the newest ones if there are too many. */
    public static String byRule(Optional<String> earlier, List<PastTurn> turns) {
        List<String> lines = new ArrayList<>();
        earlier.ifPresent(lines::add);
        for (PastTurn turn : turns) {
            if (turn.isPartOfContext()) {
                lines.add("User: " + beginning(turn.text()));
                lines.add("Assistant: " + beginning(turn.answer().text()));
            }
        }
        int from = lines.size();
        int characters = 0;
        while (from > 0 && characters + lines.get(from - 1).length() + 1 <= MAX_SUMMARY_CHARACTERS) {
            from--;
            characters += lines.get(from).length() + 1;
        }
        List<String> kept = new ArrayList<>(lines.subList(from, lines.size()));
        if (from > 0) {
            kept.addFirst("(" + from + " earlier messages are left out.)");
        }
        return String.join("\n", kept);
    }

    private static String beginning(String text) {
        return Excerpt.of(text.strip().replaceAll("\\s+", " "), RULE_CHARACTERS_PER_MESSAGE);
    }

    static String introduced(String summary) {
        return "Summary of the conversation so far:\n" + summary;
    }
}
