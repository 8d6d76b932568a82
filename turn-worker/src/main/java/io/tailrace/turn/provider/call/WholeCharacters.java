package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.ModelDelta;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the first half of a character that a provider has cut in two (a surrogate pair, written as two escapes in two events) until the
 * second half comes: a record of the log holds whole characters only. Confined to the thread that runs the call.
 */
final class WholeCharacters {

    private static final int TEXT = -1;
    private static final int REASONING = -2;

    /** The halves that wait, by the index of their tool call, or one of the two above. */
    private final Map<Integer, String> halves = new HashMap<>();

    /** The delta with the half that waited for it, and without the half that now waits. */
    ModelDelta whole(ModelDelta delta) {
        return switch (delta) {
            case ModelDelta.Text(String text) -> new ModelDelta.Text(whole(TEXT, text));
            case ModelDelta.Reasoning(String text) -> new ModelDelta.Reasoning(whole(REASONING, text));
            case ModelDelta.ToolCall(int index, String id, String name, String arguments) ->
                new ModelDelta.ToolCall(index, id, name, whole(index, arguments));
        };
    }

    private String whole(int place, String piece) {
        if (piece.isEmpty()) {
            return piece;
        }
        String waited = halves.remove(place);
        String text = waited == null ? piece : waited + piece;
        int last = text.length() - 1;
        if (!Character.isHighSurrogate(text.charAt(last))) {
            return text;
        }
        halves.put(place, text.substring(last));
        return text.substring(0, last);
    }
}
