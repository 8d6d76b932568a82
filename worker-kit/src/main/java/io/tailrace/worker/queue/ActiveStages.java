package io.tailrace.worker.queue;

import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.attempt.StopReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stages that this worker executes, each on its own thread; keeps them heard of. Safe from any thread. */
final class ActiveStages implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ActiveStages.class);

    private final int slots;
    private final Map<AttemptId, StageTask<?, ?>> active = new HashMap<>();
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeats").factory());

    ActiveStages(int slots, Duration heartbeat) {
        this.slots = slots;
        long interval = Math.max(1, heartbeat.toMillis() / 6);
        var _ = heartbeats.scheduleWithFixedDelay(
                () -> all().forEach(run -> heartbeat(run, heartbeat)), interval, interval, TimeUnit.MILLISECONDS);
    }

    /** The failure of one stage's heartbeat must not silence the others: the executor would never call again. */
    private static void heartbeat(StageTask<?, ?> run, Duration silence) {
        try {
            run.heartbeat(silence);
        } catch (RuntimeException | Error e) {
            log.error("A stage could not be kept heard of", e);
        }
    }

    /** Waits until there is a free slot, no longer than this. Answers whether there is one. */
    synchronized boolean awaitFreeSlot(Duration patience) throws InterruptedException {
        return awaitAtMost(slots - 1, patience);
    }

    synchronized int freeSlots() {
        return Math.max(0, slots - active.size());
    }

    synchronized int size() {
        return active.size();
    }

    synchronized boolean executes(AttemptId attempt) {
        return active.containsKey(attempt);
    }

    /** Executes a stage, also when there is no free slot. */
    synchronized void start(AttemptId attempt, StageTask<?, ?> run) {
        active.put(attempt, run);
        Thread.ofPlatform().name("stage-" + attempt.stage()).start(() -> {
            try {
                run.execute();
            } finally {
                remove(attempt);
            }
        });
    }

    /** Asks all stages to stop and waits until they have. Answers false when some have not in time. */
    boolean stopAll(Duration patience) throws InterruptedException {
        all().forEach(run -> run.stop(StopReason.SHUTDOWN));
        synchronized (this) {
            return awaitAtMost(0, patience);
        }
    }

    private synchronized List<StageTask<?, ?>> all() {
        return List.copyOf(active.values());
    }

    private synchronized void remove(AttemptId attempt) {
        active.remove(attempt);
        notifyAll();
    }

    private synchronized boolean awaitAtMost(int count, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (active.size() > count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
    }
}
