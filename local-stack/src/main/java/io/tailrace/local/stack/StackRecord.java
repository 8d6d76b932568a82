package io.tailrace.local.stack;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a start of a stack left for later commands.
 *
 * @param ports of its processes by name
 */
record StackRecord(String bootstrapServers, NavigableMap<String, Integer> ports) {

    static final StackRecord NONE = new StackRecord("", Map.of());

    StackRecord(String bootstrapServers, Map<String, Integer> ports) {
        this(bootstrapServers, sorted(ports));
    }

    private static NavigableMap<String, Integer> sorted(Map<String, Integer> ports) {
        NavigableMap<String, Integer> sorted = new TreeMap<>(MemberNames.ORDER);
        sorted.putAll(ports);
        return sorted;
    }
}
