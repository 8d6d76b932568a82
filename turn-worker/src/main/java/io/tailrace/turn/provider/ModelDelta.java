package io.tailrace.turn.provider;

/** A piece of what a model says, in the order in which it came; never an empty text. */
public sealed interface ModelDelta {

    /** A piece of the answer. */
    record Text(String text) implements ModelDelta {}

    /** A piece of what the model lets see of its reasoning; no part of the answer. */
    record Reasoning(String text) implements ModelDelta {}

    /**
     * A piece of a tool call. Every piece names its call; the first one of a call may have no arguments yet.
     *
     * @param index of the tool call in this answer, from 0
     * @param id unique in the conversation; its result refers to it
     * @param name of the tool
     * @param argumentsFragment the arguments of one index, concatenated, are a JSON object, or nothing for no arguments
     */
    record ToolCall(int index, String id, String name, String argumentsFragment) implements ModelDelta {}
}
