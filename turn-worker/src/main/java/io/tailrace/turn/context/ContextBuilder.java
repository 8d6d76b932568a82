package io.tailrace.turn.context;

import io.tailrace.events.stage.TurnFact.ContextBuilt;
import io.tailrace.events.stage.TurnFact.ContextPart;
import io.tailrace.events.stage.TurnFact.ContextShare;
import io.tailrace.turn.provider.ModelMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a context together, in the order of {@link ContextParts}, and trims its history to the model's window: whole
 * turns, the oldest first, and it says how many. All parts before the history make one system text. Pure.
 *
 * @param window how many tokens the model takes, its answer included
 * @param reserved how many of them are kept for the answer
 */
public record ContextBuilder(long window, long reserved) {

    /** What came of it. */
    public sealed interface Result {}

    /** It fits. */
    public record Built(Optional<String> system, List<ModelMessage> messages, ContextBuilt report) implements Result {}

    /**
     * Without any history it is still too large.
     *
     * @param tokens of what cannot be left out
     * @param limit how many there may be
     */
    public record Overflow(long tokens, long limit) implements Result {}

    /** How many tokens a context may have. */
    public long limit() {
        return Math.max(1, window - reserved);
    }

    /** An estimate of the tokens of one text with so many UTF-16 characters, as {@link #build} makes it. */
    public static long tokensOf(long characters) {
        return Tokens.of(characters);
    }

    /** The context of these parts. */
    public Result build(ContextParts parts) {
        List<String> before = Stream.of(
                        parts.system().stream(),
                        parts.memory().stream(),
                        parts.skills().stream(),
                        parts.team().stream(),
                        parts.knowledge().stream(),
                        parts.summary().map(Compactor::introduced).stream())
                .flatMap(it -> it)
                .toList();
        long fixed = before.stream().mapToLong(Tokens::of).sum() + Tokens.of(parts.userMessage());
        if (fixed > limit()) {
            return new Overflow(fixed, limit());
        }
        Deque<PastTurn> kept = new ArrayDeque<>();
        long historyTokens = 0;
        List<PastTurn> usable =
                parts.history().stream().filter(PastTurn::isPartOfContext).toList();
        for (PastTurn turn : usable.reversed()) {
            if (fixed + historyTokens + turn.tokens() > limit()) {
                break;
            }
            historyTokens += turn.tokens();
            kept.addFirst(turn);
        }
        List<ModelMessage> messages = new ArrayList<>();
        for (PastTurn turn : kept) {
            messages.add(new ModelMessage.User(turn.text()));
            messages.add(ModelMessage.Assistant.of(turn.answer().text()));
        }
        messages.add(new ModelMessage.User(parts.userMessage()));
        int trimmed = 2 * (usable.size() - kept.size() + parts.unreadable());
        Optional<String> system = before.isEmpty() ? Optional.empty() : Optional.of(String.join("\n\n", before));
        return new Built(
                system,
                messages,
                new ContextBuilt(
                        shares(parts, 2 * kept.size(), historyTokens, trimmed), fixed + historyTokens, window));
    }

    private static List<ContextShare> shares(ContextParts parts, int messages, long historyTokens, int trimmed) {
        long summary =
                parts.summary().map(Compactor::introduced).map(Tokens::of).orElse(0L);
        int summaries = parts.summary().isPresent() ? 1 : 0;
        return List.of(
                share(ContextPart.SYSTEM, parts.system().stream().toList()),
                share(ContextPart.MEMORY, parts.memory()),
                share(ContextPart.SKILLS, parts.skills()),
                share(ContextPart.TEAM, parts.team()),
                share(ContextPart.KNOWLEDGE, parts.knowledge()),
                new ContextShare(ContextPart.HISTORY, messages + summaries, historyTokens + summary, trimmed),
                share(ContextPart.USER_MESSAGE, List.of(parts.userMessage())));
    }

    private static ContextShare share(ContextPart part, List<String> texts) {
        return new ContextShare(
                part, texts.size(), texts.stream().mapToLong(Tokens::of).sum(), 0);
    }
}
