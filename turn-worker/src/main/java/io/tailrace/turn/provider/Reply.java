package io.tailrace.turn.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Folds the deltas of one call into the message that they make. Confined to one thread; every prefix of the deltas has a message. */
public final class Reply {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final SortedMap<Integer, Call> calls = new TreeMap<>();

    private record Call(String id, String name, StringBuilder arguments) {}

    /** Adds the next delta. */
    public void add(ModelDelta delta) {
        switch (delta) {
            case ModelDelta.Text piece -> text.append(piece.text());
            case ModelDelta.Reasoning piece -> reasoning.append(piece.text());
            case ModelDelta.ToolCall piece ->
                calls.computeIfAbsent(piece.index(), _ -> new Call(piece.id(), piece.name(), new StringBuilder()))
                        .arguments()
                        .append(piece.argumentsFragment());
        }
    }

    /** The reasoning so far. */
    public String reasoning() {
        return reasoning.toString();
    }

    /** The message so far; the arguments of the last tool call may be cut off while the call has not finished. */
    public ModelMessage.Assistant message() {
        List<ToolInvocation> invocations = new ArrayList<>();
        calls.values().forEach(call -> {
            String arguments = call.arguments().toString();
            invocations.add(new ToolInvocation(call.id(), call.name(), arguments.isBlank() ? "{}" : arguments));
        });
        return new ModelMessage.Assistant(text.toString(), invocations);
    }
}
