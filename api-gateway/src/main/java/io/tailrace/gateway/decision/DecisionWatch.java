package io.tailrace.gateway.decision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches from outside whether commands are decided. One thread looks every second, and at once when somebody asks about
 * a run that is not known: all who ask while it looks share the next look, so thousands of questions cost the brokers no
 * more than one. Thread-safe; questions block, bounded.
 */
public final class DecisionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration AT_MOST_EVERY = Duration.ofMillis(20);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration REASON_WITHIN = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Looks looks;
    private final Standstill standstill;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private long begun;
    private long ended;
    private long wanted;
    private DecisionReport report = DecisionReport.notYet();
    private volatile boolean closed;

    /** Where the log is looked at. Confined to the watch's thread; blocks, bounded. */
    interface Looks extends AutoCloseable {
        /** One look at each partition, all begun after this was called. */
        List<PartitionLook> look() throws NoAnswer, InterruptedException;

        @Override
        void close();
    }

    /** The log did not say. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswer(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }

    DecisionWatch(Looks looks, Standstill standstill) {
        this.looks = looks;
        this.standstill = standstill;
        this.thread = Thread.ofPlatform().name("decision-watch").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What came of a question. */
    public enum Certainty {
        /** All that the log had when the question came is decided, and shows in the log's views. */
        DECIDED,
        /** Something waits for its decision still. */
        UNDECIDED,
        /** The log did not say. */
        UNKNOWN
    }

    /**
     * Whether all commands that a partition had when this was called are decided, and the views of that are in the log.
     * Waits for it, unless nobody decides.
     */
    public Certainty awaitDecided(int partition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Optional<DecisionReport> first = next(deadline);
        if (first.isEmpty() || first.get().isUnknown()) {
            return Certainty.UNKNOWN;
        }
        DecisionReport now = first.get();
        long commands = now.partitions().get(partition).commandsEnd();
        while (!now.partitions().get(partition).hasDecided(commands)) {
            Optional<DecisionReport> later = whileDeciding(now, partition, deadline);
            if (later.isEmpty()) {
                return Certainty.UNDECIDED;
            }
            now = later.get();
        }
        // The commands' commit was asked for before this end: the facts of their decisions lie below it.
        long facts = now.partitions().get(partition).factsEnd();
        while (!now.partitions().get(partition).hasProjected(facts)) {
            Optional<DecisionReport> later = whileDeciding(now, partition, deadline);
            if (later.isEmpty()) {
                return Certainty.UNDECIDED;
            }
            now = later.get();
        }
        return Certainty.DECIDED;
    }

    private Optional<DecisionReport> whileDeciding(DecisionReport now, int partition, long deadline)
            throws InterruptedException {
        return now.isStalled(partition) ? Optional.empty() : next(deadline).filter(it -> !it.isUnknown());
    }

    /**
     * An offset of a partition's facts below which all show in the log's views; 0 if it is not known. Never blocks for longer
     * than a moment.
     */
    public long projectedBelow(int partition) {
        DecisionReport now = latest();
        return now.isUnknown() ? 0 : now.partitions().get(partition).projectedBelow();
    }

    /** Why a command of this partition that is recorded is not seen decided. */
    public WaitingFor waitingFor(int partition) throws InterruptedException {
        return WaitingFor.of(next(System.nanoTime() + REASON_WITHIN.toNanos()).orElseGet(this::latest), partition);
    }

    /** As it was when it was looked last; about a second old at the most. Never blocks for longer than a moment. */
    public DecisionReport latest() {
        lock.lock();
        try {
            return report;
        } finally {
            lock.unlock();
        }
    }

    /** The outcome of a look that begins after this was called; empty if the time was up before. */
    private Optional<DecisionReport> next(long deadline) throws InterruptedException {
        lock.lock();
        try {
            long mine = begun + 1;
            wanted = Math.max(wanted, mine);
            changed.signalAll();
            while (ended < mine) {
                long rest = deadline - System.nanoTime();
                if (rest <= 0 || closed) {
                    return Optional.empty();
                }
                long _ = changed.awaitNanos(rest);
            }
            return Optional.of(report);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try (looks) {
            Duration pause = AT_MOST_EVERY;
            while (!closed) {
                awaitTurn(pause);
                pause = look() ? AT_MOST_EVERY : AFTER_FAILURE;
            }
        } catch (InterruptedException e) {
            if (!closed) {
                throw new IllegalStateException("the watch's thread is interrupted by close() alone", e);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The watch over decisions has ended", e);
            publish(latest().failed("the watch has ended: " + e));
            throw e;
        }
    }

    /** Rests a moment, and then until the next look is due or wanted. */
    private void awaitTurn(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long began = System.nanoTime();
            while (!closed) {
                long rested = System.nanoTime() - began;
                long rest = (wanted > begun ? pause : EVERY).toNanos() - rested;
                if (rest <= 0) {
                    break;
                }
                long _ = changed.awaitNanos(rest);
            }
            begun++;
        } finally {
            lock.unlock();
        }
    }

    private boolean look() throws InterruptedException {
        try {
            List<PartitionLook> found = looks.look();
            publish(new DecisionReport(found, standstill.judge(found, System.nanoTime()), Optional.empty()));
            return true;
        } catch (NoAnswer e) {
            publish(latest().failed(String.valueOf(e.getMessage())));
            return false;
        }
    }

    private void publish(DecisionReport next) {
        boolean isNews = !next.failure().equals(report.failure()) || next.isStalled() != report.isStalled();
        if (isNews && (next.isUnknown() || next.isStalled())) {
            LOG.warn(
                    "{}",
                    next.failure()
                            .map(it -> "It is not known how far commands are decided: " + it)
                            .orElse("Nobody decides at the moment; commands that wait: " + next.undecided()));
        } else if (isNews) {
            LOG.info("Commands are being decided");
        }
        lock.lock();
        try {
            report = next;
            ended = begun;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            boolean _ = thread.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
