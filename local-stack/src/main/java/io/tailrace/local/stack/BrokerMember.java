package io.tailrace.local.stack;

import io.tailrace.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/** A Kafka broker of the stack. */
record BrokerMember(EmbeddedBroker broker) implements StackMember {

    @Override
    public String name() {
        return "broker-" + broker.id();
    }

    @Override
    public int port() {
        return broker.port();
    }

    @Override
    public long pid() {
        return broker.pid();
    }

    @Override
    public boolean isAlive() {
        return broker.isAlive();
    }

    @Override
    public Path log() {
        return broker.log();
    }

    @Override
    public void kill() {
        broker.killHard();
    }

    @Override
    public void pause() {
        broker.process().pause();
    }

    @Override
    public void resume() {
        broker.process().resume();
    }

    @Override
    public void stop() {
        broker.stop();
    }

    @Override
    public void launch() throws IOException {
        broker.restartWithoutWaiting();
    }

    @Override
    public void awaitReady() throws IOException {
        broker.awaitReady();
    }
}
