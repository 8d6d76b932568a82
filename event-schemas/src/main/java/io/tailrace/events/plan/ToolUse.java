package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tools of a prompt, and how much of them it may use.
 *
 * @param tools 1 to {@value #MAX_TOOLS}, each name once
 * @param maxRounds how many answers with calls are executed, 1 to {@value #MAX_ROUNDS}
 * @param maxCalls how many calls are executed over all rounds, 1 to {@value #MAX_CALLS}
 * @param timeout how long a call may take, up to {@value #MAX_TIMEOUT_SECONDS} s
 * @param maxResultBytes how much of a call's result the model is told, in UTF-8, 1 to {@value #MAX_RESULT_BYTES}
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record ToolUse(List<Tool> tools, int maxRounds, int maxCalls, Duration timeout, int maxResultBytes) {
    public static final int MAX_TOOLS = 20;
    public static final int MAX_ROUNDS = 50;
    public static final int MAX_CALLS = 200;
    public static final int MAX_TIMEOUT_SECONDS = 300;
    public static final int MAX_RESULT_BYTES = 128 * 1024;

    public static final int DEFAULT_ROUNDS = 10;
    public static final int DEFAULT_CALLS = 20;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final int DEFAULT_RESULT_BYTES = 16 * 1024;

    /** @throws IllegalArgumentException if a bound is not kept, or two tools have one name */
    public ToolUse {
        tools = List.copyOf(tools);
        require(!tools.isEmpty() && tools.size() <= MAX_TOOLS, "tools");
        require(maxRounds >= 1 && maxRounds <= MAX_ROUNDS, "maxRounds");
        require(maxCalls >= 1 && maxCalls <= MAX_CALLS, "maxCalls");
        require(timeout.isPositive() && timeout.compareTo(Duration.ofSeconds(MAX_TIMEOUT_SECONDS)) <= 0, "timeout");
        require(maxResultBytes >= 1 && maxResultBytes <= MAX_RESULT_BYTES, "maxResultBytes");
        Set<String> names = new HashSet<>();
        tools.forEach(it -> require(names.add(it.name()), it.name()));
    }

    private static void require(boolean kept, String what) {
        if (!kept) {
            throw new IllegalArgumentException("no tools as they may be: " + what);
        }
    }

    /** These tools, within the usual bounds. */
    public static ToolUse of(List<Tool> tools) {
        return new ToolUse(tools, DEFAULT_ROUNDS, DEFAULT_CALLS, DEFAULT_TIMEOUT, DEFAULT_RESULT_BYTES);
    }

    /** The tool that has this name. */
    public Optional<Tool> named(String name) {
        return tools.stream().filter(it -> it.name().equals(name)).findFirst();
    }
}
