package io.tailrace.local.stack;

import io.tailrace.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A Kafka broker of the stack. */
final class BrokerMember implements StackMember {

    private final EmbeddedBroker broker;
    private volatile boolean stopped;

    BrokerMember(EmbeddedBroker broker) {
        this.broker = broker;
    }

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
    public Optional<Integer> exitCode() {
        return broker.process().exitCode();
    }

    @Override
    public boolean isStoppedOnPurpose() {
        return stopped;
    }

    @Override
    public String lastWords() {
        try {
            return broker.lastWords();
        } catch (IOException unreadable) {
            return " (cannot be read: " + unreadable + ")";
        }
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
        stopped = true;
        broker.stop();
    }

    @Override
    public void launch() throws IOException {
        broker.restartWithoutWaiting();
        stopped = false;
    }

    @Override
    public void awaitReady() throws IOException {
        broker.awaitReady();
    }
}
