package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CursorKey;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.readmodel.ReadModelTail;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of this log. Where it has none, one is written: gateways that do so at the same moment write several, each of
 * which opens at all of them. Thread-safe.
 */
final class CursorKeys implements SealingKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CursorKeys.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int PARTITION = 0;

    private final KeyRing ring;
    private final ReadModelTail tail;
    private final CursorKeyLog log;
    private final Duration within;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cursor-keys").daemon().factory());

    private volatile boolean usable;
    private volatile Optional<String> notWritten = Optional.empty();

    CursorKeys(KeyRing ring, ReadModelTail tail, CursorKeyLog log, Duration within) {
        this.ring = ring;
        this.tail = tail;
        this.log = log;
        this.within = within;
    }

    void start() {
        var _ = keeper.scheduleWithFixedDelay(this::keep, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void keep() {
        if (!tail.progress().loaded()) {
            return;
        }
        if (!ring.isEmpty()) {
            usable = true;
            notWritten = Optional.empty();
            return;
        }
        try {
            long next = log.writeNew();
            LOG.info("The log had no key for cursors; wrote one");
            var _ = tail.progress().awaitOffset(PARTITION, next, within);
        } catch (CursorKeyLog.NotWritten e) {
            String reason = String.valueOf(e.getMessage());
            if (!notWritten.equals(Optional.of(reason))) {
                LOG.warn("The log has no key for cursors and takes none: {}", reason);
            }
            notWritten = Optional.of(reason);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Keeping the keys of cursors failed", e);
            notWritten = Optional.of(e.getClass().getSimpleName());
        }
    }

    @Override
    public CursorKey sealing() {
        return ring.sealing().filter(_ -> usable).orElseThrow(RunProblem::catalogueBehind);
    }

    @Override
    public Optional<CursorKey> named(int id) throws InterruptedException {
        Optional<CursorKey> known = ring.named(id);
        if (known.isPresent()) {
            return known;
        }
        if (!tail.catchUp(PARTITION, within) || !tail.progress().loaded()) {
            throw RunProblem.catalogueBehind();
        }
        return ring.named(id);
    }

    /** Why cursors can be neither made nor read at present; empty while they can. */
    Optional<String> fault() {
        return tail.progress()
                .failure()
                .or(() -> notWritten.map(it -> "the log has no key for cursors and takes none: " + it))
                .or(() -> usable ? Optional.empty() : Optional.of("still reading the topic of cursor keys"));
    }

    @Override
    public void close() {
        keeper.shutdownNow();
        log.close();
    }
}
