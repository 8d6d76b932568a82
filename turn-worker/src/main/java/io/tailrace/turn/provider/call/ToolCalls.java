package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.ModelDelta;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tool calls of one answer: gives every piece the name of its call, which providers tell only with the first one, and counts the
 * calls from 0 in the order in which they begin, whatever the provider counts by. Confined to the thread that runs the call.
 */
public final class ToolCalls {

    private final Map<Long, ModelDelta.ToolCall> begun = new HashMap<>();

    /**
     * The next piece of a call.
     *
     * @param position what the provider tells its calls apart by
     * @param id of the call, if it comes with this piece; made up for a provider that gives none
     * @param name of the tool, if it comes with this piece
     */
    public ModelDelta.ToolCall piece(long position, Optional<String> id, Optional<String> name, String fragment) {
        ModelDelta.ToolCall first = begun.computeIfAbsent(position, _ -> {
            int index = begun.size();
            return new ModelDelta.ToolCall(
                    index, id.filter(text -> !text.isEmpty()).orElse("call_" + index), name.orElse(""), "");
        });
        return new ModelDelta.ToolCall(first.index(), first.id(), first.name(), fragment);
    }

    /** Whether a call has begun at this position. */
    public boolean has(long position) {
        return begun.containsKey(position);
    }

    /** Whether the answer has no tool call until now. */
    public boolean isEmpty() {
        return begun.isEmpty();
    }

    /** How many have begun. */
    public int size() {
        return begun.size();
    }
}
