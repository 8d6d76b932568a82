package io.tailrace.local.stack;

import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.process.LastWords;
import io.tailrace.local.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/** A service of the stack, started from its jar. */
final class ServiceMember implements StackMember {

    private static final long LOG_TURNS_AT_BYTES = 20_000_000;

    private final String name;
    private final int port;
    private final Path log;
    private final Launch launch;
    private final Duration startLimit;
    private volatile ChildProcess process;
    private volatile boolean stopped;

    private ServiceMember(String name, int port, Path log, Launch launch, Duration startLimit, ChildProcess process) {
        this.name = name;
        this.port = port;
        this.log = log;
        this.launch = launch;
        this.startLimit = startLimit;
        this.process = process;
    }

    static ServiceMember launch(String name, int port, Launch launch, Duration startLimit) throws IOException {
        turn(launch.output());
        return new ServiceMember(name, port, launch.output(), launch, startLimit, launch.start());
    }

    /** One that an earlier process of ours started, whether it still runs or not. */
    static ServiceMember attach(String name, int port, Launch launch, Duration startLimit) throws IOException {
        return new ServiceMember(
                name, port, launch.output(), launch, startLimit, ChildProcess.recorded(launch.pidFile()));
    }

    private static void turn(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_TURNS_AT_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The limit counts from here: what was launched long ago may be restoring what it lost in an outage. */
    @Override
    public void awaitReady() {
        long since = System.nanoTime();
        while (!isReady(since)) {
            waitAMoment();
        }
    }

    /**
     * Asks once.
     *
     * @param since nanoseconds, from which the limit counts
     */
    boolean isReady(long since) {
        if (!process.isAlive()) {
            throw new StackStartException(
                    name + " ended while starting. Its log (" + log + ") ends with:" + lastWords());
        }
        if (Readiness.of(port)) {
            return true;
        }
        if (System.nanoTime() - since > startLimit.toNanos()) {
            throw new StackStartException(name + " was not ready after " + startLimit.toSeconds() + " s. Its log ("
                    + log + ") ends with:" + lastWords());
        }
        return false;
    }

    /** Until it is worth asking again. */
    void waitAMoment() {
        process.awaitEnd(Readiness.POLL);
    }

    @Override
    public String lastWords() {
        try {
            return LastWords.of(log, 20);
        } catch (IOException unreadable) {
            return " (cannot be read: " + unreadable + ")";
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Optional<Integer> exitCode() {
        return process.exitCode();
    }

    @Override
    public boolean isStoppedOnPurpose() {
        return stopped;
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
    public void stop() {
        stopped = true;
        process.stop(OrderlyEnd.PATIENCE);
    }

    @Override
    public void launch() throws IOException {
        process.stop(OrderlyEnd.PATIENCE);
        turn(log);
        process = launch.start();
        stopped = false;
    }
}
