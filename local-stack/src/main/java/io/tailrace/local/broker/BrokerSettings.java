package io.tailrace.local.broker;

import java.util.Map;

/**
 * What may be chosen about an embedded broker.
 *
 * @param port of the client listener on 127.0.0.1; 0 takes a free one
 * @param heapMegabytes the JVM's largest heap
 * @param exitWithParent the broker ends when the process that started it does, however that one ends
 * @param overrides broker properties that replace ours
 */
public record BrokerSettings(int port, int heapMegabytes, boolean exitWithParent, Map<String, String> overrides) {

    public BrokerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is not between 0 and 65535: " + port);
        }
        if (heapMegabytes < 64) {
            throw new IllegalArgumentException("a broker needs at least 64 MB of heap, got " + heapMegabytes);
        }
        overrides = Map.copyOf(overrides);
    }

    /** A free port, and no process left over when the tests end. */
    public static BrokerSettings forTests() {
        return new BrokerSettings(0, 512, true, Map.of());
    }

    /** A broker that outlives the command that started it. */
    public static BrokerSettings durable(int port) {
        return new BrokerSettings(port, 512, false, Map.of());
    }

    public BrokerSettings withOverrides(Map<String, String> more) {
        return new BrokerSettings(port, heapMegabytes, exitWithParent, more);
    }

    BrokerSettings withPort(int other) {
        return new BrokerSettings(other, heapMegabytes, exitWithParent, overrides);
    }
}
