package io.tailrace.worker.queue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds, on a thread of its own, whether the threads live on which a worker's producers send. They survive every
 * exception, but not an error such as a shortage of memory; after that a producer takes records for ever and sends none, and whoever waits
 * for one waits for ever. Safe from any thread.
 */
final class SendingWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SendingWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final String NAME = "kafka-producer-network-thread | ";

    private final Set<Thread> sending;
    private final Runnable dead;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sending-watch").factory());

    private SendingWatch(Set<Thread> sending, Runnable dead) {
        this.sending = sending;
        this.dead = dead;
    }

    /**
     * Begins to look after the producers that there are now; to be closed before them.
     *
     * @param clientId of the producers
     * @param dead called on the watch's thread, once
     */
    static SendingWatch start(String clientId, Runnable dead) {
        Set<Thread> sending = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(NAME + clientId))
                .collect(Collectors.toUnmodifiableSet());
        SendingWatch watch = new SendingWatch(sending, dead);
        var _ = watch.looks.scheduleWithFixedDelay(
                watch::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** How many threads it looks after. */
    int size() {
        return sending.size();
    }

    private void look() {
        if (!sending.stream().allMatch(Thread::isAlive)) {
            log.error("A thread on which records are sent has died");
            looks.shutdown();
            dead.run();
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
