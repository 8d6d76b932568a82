package io.tailrace.turn.stage;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The answer of a turn as far as it has come. Confined to the thread of the call. */
final class Answer {
    /** The turn's terminal record holds the whole answer, and a broker takes 1 MiB a record by default. */
    static final int MAX_BYTES = 600_000;

    private static final int CHARACTERS_PER_TOKEN = 4;

    private final Reply reply = new Reply();
    private final Set<Integer> calls = new HashSet<>();
    private int bytes;
    private long characters;

    /** Adds a delta, unless the answer would become too large: then it stays as it is, and false is returned. */
    boolean add(ModelDelta delta) {
        int more = length(text(delta)) + newCall(delta);
        if (bytes + more > MAX_BYTES) {
            return false;
        }
        bytes += more;
        characters += text(delta).length();
        if (delta instanceof ModelDelta.ToolCall call) {
            calls.add(call.index());
        }
        reply.add(delta);
        return true;
    }

    /** What a call takes besides its arguments. */
    private int newCall(ModelDelta delta) {
        return delta instanceof ModelDelta.ToolCall call && !calls.contains(call.index())
                ? length(call.id()) + length(call.name())
                : 0;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    boolean hasBegun() {
        return characters > 0;
    }

    /** An estimate of its output tokens. */
    long tokens() {
        return tokens(characters);
    }

    /** An estimate of the output tokens of an answer with so many UTF-16 characters. */
    static long tokens(long characters) {
        return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }

    AssistantMessage message() {
        ModelMessage.Assistant message = reply.message();
        return new AssistantMessage(
                message.text(),
                Optional.of(reply.reasoning()).filter(it -> !it.isEmpty()),
                message.toolCalls().stream()
                        .map(it -> new AssistantMessage.ToolCall(it.id(), it.name(), it.arguments()))
                        .toList());
    }

    private static String text(ModelDelta delta) {
        return switch (delta) {
            case ModelDelta.Text(String it) -> it;
            case ModelDelta.Reasoning(String it) -> it;
            case ModelDelta.ToolCall call -> call.argumentsFragment();
        };
    }
}
