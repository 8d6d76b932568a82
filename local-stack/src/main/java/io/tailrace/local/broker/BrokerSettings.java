package io.tailrace.local.broker;

import io.tailrace.local.process.JavaCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may be chosen about an embedded broker.
 *
 * @param port of the client listener on 127.0.0.1; 0 takes a free one
 * @param heapMegabytes the JVM's largest heap
 * @param exitWithParent the broker ends when the process that started it does, however that one ends
 * @param jvmOptions of the broker's JVM, after ours
 * @param overrides broker properties that replace ours
 * @param cacheFolder where an AOT cache for the broker may lie
 * @param security whom it lets in; empty for everybody who reaches its port
 * @param recording where the broker leaves, at its end, what such a cache is made of
 */
public record BrokerSettings(
        int port,
        int heapMegabytes,
        boolean exitWithParent,
        List<String> jvmOptions,
        Map<String, String> overrides,
        Optional<BrokerSecurity> security,
        Optional<Path> cacheFolder,
        Optional<Path> recording) {

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
        return durable(0).endingWithParent().withJvmOptions(JavaCommand.SHORT_LIVED);
    }

    /** A broker that outlives the command that started it. */
    public static BrokerSettings durable(int port) {
        return new BrokerSettings(
                port, 512, false, List.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public BrokerSettings withOverrides(Map<String, String> replacing) {
        return new BrokerSettings(
                port, heapMegabytes, exitWithParent, jvmOptions, replacing, security, cacheFolder, recording);
    }

    public BrokerSettings withJvmOptions(List<String> replacing) {
        return new BrokerSettings(
                port, heapMegabytes, exitWithParent, replacing, overrides, security, cacheFolder, recording);
    }

    public BrokerSettings endingWithParent() {
        return new BrokerSettings(port, heapMegabytes, true, jvmOptions, overrides, security, cacheFolder, recording);
    }

    public BrokerSettings securedBy(BrokerSecurity files) {
        return new BrokerSettings(
                port, heapMegabytes, exitWithParent, jvmOptions, overrides, Optional.of(files), cacheFolder, recording);
    }

    public BrokerSettings withCacheIn(Path folder) {
        return new BrokerSettings(
                port, heapMegabytes, exitWithParent, jvmOptions, overrides, security, Optional.of(folder), recording);
    }

    public BrokerSettings recordingTo(Path file) {
        return new BrokerSettings(
                port, heapMegabytes, exitWithParent, jvmOptions, overrides, security, cacheFolder, Optional.of(file));
    }
}
