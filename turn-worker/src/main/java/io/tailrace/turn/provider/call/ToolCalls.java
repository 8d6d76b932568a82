package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.ModelDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The tool calls of one answer: gives every piece the name of its call, which providers tell only at its beginning, and counts the calls
 * from 0 in the order in which they begin, whatever the provider counts by. A new id begins a call, also at a position that has one; the
 * same id continues its call; without an id the position tells, and without both the last call goes on. No piece of a call is handed out
 * before its name is known. Confined to the thread that runs the call.
 */
public final class ToolCalls {

    private final List<Call> calls = new ArrayList<>();
    private final Map<Long, Call> atPosition = new HashMap<>();
    private final Map<String, Call> byId = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    private static final class Call {
        final int index;
        final String id;
        final StringBuilder name = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
        int handedOut;
        boolean begun;

        Call(int index, String id) {
            this.index = index;
            this.id = id;
        }

        /** A name comes in pieces, whole, or whole again with every piece of the arguments. */
        void named(String piece) {
            if (!begun && arguments.isEmpty() && !name.toString().equals(piece)) {
                name.append(piece);
            }
        }

        List<ModelDelta.ToolCall> news(boolean alsoWithoutArguments) {
            if (name.isEmpty() || (handedOut == arguments.length() && (begun || !alsoWithoutArguments))) {
                return List.of();
            }
            begun = true;
            String fragment = arguments.substring(handedOut);
            handedOut = arguments.length();
            return List.of(new ModelDelta.ToolCall(index, id, name.toString(), fragment));
        }
    }

    /**
     * A call begins, and this is its whole name.
     *
     * @param position what the provider tells its calls apart by
     */
    public List<ModelDelta.ToolCall> begin(long position, Optional<String> id, String name) {
        Call call = call(OptionalLong.of(position), id);
        call.named(name);
        return call.news(true);
    }

    /**
     * The next piece of a call.
     *
     * @param position what the provider tells its calls apart by, if it does
     * @param id of the call, if it comes with this piece; made up for a call that never gets one
     * @param name of the tool, or a piece of it, if it comes with this piece
     * @return what can be handed out: nothing while the name is not known
     */
    public List<ModelDelta.ToolCall> piece(
            OptionalLong position, Optional<String> id, Optional<String> name, String fragment) {
        int before = calls.size();
        Call call = call(position, id);
        List<ModelDelta.ToolCall> news = new ArrayList<>();
        if (calls.size() > before) {
            calls.subList(0, before).forEach(earlier -> news.addAll(earlier.news(true)));
        }
        name.ifPresent(call::named);
        call.arguments.append(fragment);
        news.addAll(call.news(false));
        return news;
    }

    /**
     * The whole of a call, as a final form has it: what was not said in pieces is handed out.
     *
     * @param arguments all of them; ignored where the pieces said something else
     */
    public List<ModelDelta.ToolCall> whole(
            OptionalLong position, Optional<String> id, Optional<String> name, String arguments) {
        Call call = call(position, id);
        name.ifPresent(call::named);
        if (arguments.startsWith(call.arguments.toString())) {
            call.arguments.append(arguments, call.arguments.length(), arguments.length());
        }
        return call.news(true);
    }

    /** What is left when the answer is complete: calls without arguments. */
    public List<ModelDelta.ToolCall> rest() {
        List<ModelDelta.ToolCall> rest = new ArrayList<>();
        calls.forEach(call -> rest.addAll(call.news(true)));
        return rest;
    }

    private Call call(OptionalLong position, Optional<String> id) {
        Optional<String> given = id.filter(text -> !text.isEmpty());
        Optional<Call> known = given.isPresent()
                ? given.map(byId::get)
                : position.isPresent()
                        ? Optional.ofNullable(atPosition.get(position.getAsLong()))
                        : calls.isEmpty() ? Optional.empty() : Optional.of(calls.getLast());
        Call call = known.orElseGet(() -> {
            Call begun = new Call(calls.size(), given.orElseGet(this::madeUp));
            calls.add(begun);
            ids.add(begun.id);
            return begun;
        });
        given.ifPresent(it -> byId.put(it, call));
        position.ifPresent(it -> atPosition.put(it, call));
        return call;
    }

    private String madeUp() {
        String id = "call_" + calls.size();
        while (ids.contains(id)) {
            id += "_";
        }
        return id;
    }

    /** Whether a call has begun at this position. */
    public boolean has(long position) {
        return atPosition.containsKey(position);
    }

    /** Whether the answer has no tool call until now. */
    public boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Whether a call has arguments and no name: nobody can execute it. */
    public boolean hasNameless() {
        return calls.stream().anyMatch(call -> call.name.isEmpty());
    }
}
