package io.tailrace.gateway.testing;

import io.tailrace.local.testing.TestKafka;

/** A gateway on the shared broker, with a scripted coordinator behind the log. */
public record DecidedGateway(TestGateway gateway, ScriptedCoordinator coordinator) implements AutoCloseable {
    /** Both, ready. */
    public static DecidedGateway start(String... properties) {
        TestGateway gateway = TestGateway.start(properties);
        return new DecidedGateway(
                gateway, new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS));
    }

    @Override
    public void close() {
        coordinator.close();
        gateway.close();
    }
}
