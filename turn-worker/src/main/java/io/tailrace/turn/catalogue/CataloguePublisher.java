package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.Definition;
import io.tailrace.turn.catalogue.CatalogueLog.CatalogueLogFailed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what this worker has once in its life, if the log has something else, so that equal workers write once and the one
 * that started last is right. On a thread of its own, which ends when the log has it and all of it is known: nothing waits
 * for it, and it tries again for as long as that takes.
 */
final class CataloguePublisher<T extends Definition.Resource> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CataloguePublisher.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final CatalogueLog<T> log;
    private final Catalogue<T> catalogue;
    private final InstantSource clock;
    private final Duration firstPause;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("catalogue").unstarted(this::run);
    private volatile boolean recorded;

    /** By this worker, or found; what it has said it does not say again over the words of another. Confined to the thread. */
    private @Nullable List<?> written;

    CataloguePublisher(CatalogueLog<T> log, Catalogue<T> catalogue, InstantSource clock) {
        this(log, catalogue, clock, FIRST_PAUSE);
    }

    /** @param firstPause after the first failure; each other one is twice as long, up to the catalogue's longest */
    CataloguePublisher(CatalogueLog<T> log, Catalogue<T> catalogue, InstantSource clock, Duration firstPause) {
        this.log = log;
        this.catalogue = catalogue;
        this.clock = clock;
        this.firstPause = firstPause;
    }

    /** Begins, the first time that it is called; does not block. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** Whether the log had what this worker has when it was done: it has written them, or found them there. */
    boolean isRecorded() {
        return recorded;
    }

    private void run() {
        Duration pause = firstPause;
        try {
            while (!tryToPublish(pause)) {
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(catalogue.longestPause()) < 0 ? doubled : catalogue.longestPause();
            }
        } catch (InterruptedException e) {
            if (closing.getCount() > 0) {
                throw new IllegalStateException("the publisher's thread is interrupted by close() alone", e);
            }
        }
    }

    private boolean tryToPublish(Duration pause) throws InterruptedException {
        T ours = catalogue.ours().get();
        try {
            publish(ours);
            recorded = true;
            return catalogue.isComplete().test(ours);
        } catch (CatalogueLogFailed e) {
            LOG.warn(
                    "The catalogue of {} is not recorded yet; the next try is in {} s. {}",
                    catalogue.what(),
                    pause.toSeconds(),
                    e.getMessage());
            return false;
        }
    }

    private void publish(T ours) throws CatalogueLogFailed, InterruptedException {
        List<?> there = log.recorded().<List<?>>map(catalogue.entries()).orElse(List.of());
        List<?> here = catalogue.entries().apply(ours);
        boolean saidBefore = here.equals(written);
        if (!saidBefore && !there.equals(here)) {
            log.record(catalogue.definition().apply(clock.instant(), ours));
            LOG.info("Recorded {} {} in the catalogue", here.size(), catalogue.what());
        }
        written = here;
    }

    @Override
    public void close() {
        closing.countDown();
        if (!started.getAndSet(true)) {
            return;
        }
        thread.interrupt();
        try {
            boolean _ = thread.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
