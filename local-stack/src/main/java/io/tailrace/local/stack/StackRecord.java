package io.tailrace.local.stack;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a start of a stack left for later commands.
 *
 * @param ports of its processes by name
 */
record StackRecord(String bootstrapServers, SortedMap<String, Integer> ports) {

    StackRecord(String bootstrapServers, Map<String, Integer> ports) {
        this(bootstrapServers, sorted(ports));
    }

    private static SortedMap<String, Integer> sorted(Map<String, Integer> ports) {
        SortedMap<String, Integer> sorted = new TreeMap<>(MemberNames.ORDER);
        sorted.putAll(ports);
        return sorted;
    }
}
