package io.tailrace.local.broker;

import java.util.List;
import java.util.Map;

/**
 * What may be chosen about an embedded broker.
 *
 * @param port of the client listener on 127.0.0.1; 0 takes a free one
 * @param heapMegabytes the JVM's largest heap
 * @param exitWithParent the broker ends when the process that started it does, however that one ends
 * @param jvmOptions of the broker's JVM, after ours
 * @param overrides broker properties that replace ours
 */
public record BrokerSettings(
        int port, int heapMegabytes, boolean exitWithParent, List<String> jvmOptions, Map<String, String> overrides) {

    public BrokerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is not between 0 and 65535: " + port);
        }
        if (heapMegabytes < 64) {
            throw new IllegalArgumentException("a broker needs at least 64 MB of heap, got " + heapMegabytes);
        }
        jvmOptions = List.copyOf(jvmOptions);
        overrides = Map.copyOf(overrides);
    }

    /**
     * A free port, and no process left over when the tests end. The JVM stops at its first compiler: such a broker lives
     * for seconds, and is ready in 1.6 s instead of 2.2 s.
     */
    public static BrokerSettings forTests() {
        return new BrokerSettings(0, 512, true, List.of("-XX:TieredStopAtLevel=1"), Map.of());
    }

    /** A broker that outlives the command that started it. */
    public static BrokerSettings durable(int port) {
        return new BrokerSettings(port, 512, false, List.of(), Map.of());
    }

    public BrokerSettings withOverrides(Map<String, String> replacing) {
        return new BrokerSettings(port, heapMegabytes, exitWithParent, jvmOptions, replacing);
    }

    public BrokerSettings withJvmOptions(List<String> replacing) {
        return new BrokerSettings(port, heapMegabytes, exitWithParent, replacing, overrides);
    }

    public BrokerSettings endingWithParent() {
        return new BrokerSettings(port, heapMegabytes, true, jvmOptions, overrides);
    }
}
