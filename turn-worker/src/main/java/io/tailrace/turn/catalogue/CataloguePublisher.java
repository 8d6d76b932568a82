package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.events.id.WorkerId;
import io.tailrace.turn.catalogue.CatalogueLog.CatalogueLogFailed;
import io.tailrace.turn.provider.ProviderListing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records this worker's providers once in its life, if the log has others, so that equal workers write once and the one
 * that started last is right. On a thread of its own, which ends when the log has them: nothing waits for it, and it
 * tries again for as long as that takes.
 */
public final class CataloguePublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CataloguePublisher.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final CatalogueLog log;
    private final ProviderCatalogue ours;
    private final InstantSource clock;
    private final Duration firstPause;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("provider-catalogue").unstarted(this::run);
    private volatile boolean recorded;

    /** Of a worker that has these providers. */
    CataloguePublisher(CatalogueLog log, WorkerId worker, List<ProviderListing> providers, InstantSource clock) {
        this(log, worker, providers, clock, FIRST_PAUSE);
    }

    /** @param firstPause after the first failure; each other one is twice as long, up to a minute */
    CataloguePublisher(
            CatalogueLog log,
            WorkerId worker,
            List<ProviderListing> providers,
            InstantSource clock,
            Duration firstPause) {
        this.log = log;
        this.ours = new ProviderCatalogue(worker, ListedProviders.of(providers));
        this.clock = clock;
        this.firstPause = firstPause;
    }

    /** Begins, the first time that it is called; does not block. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** Whether the log had these providers when this worker was done: it has written them, or found them there. */
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
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            if (closing.getCount() > 0) {
                throw new IllegalStateException("the publisher's thread is interrupted by close() alone", e);
            }
        }
    }

    private boolean tryToPublish(Duration pause) throws InterruptedException {
        try {
            publish();
            recorded = true;
        } catch (CatalogueLogFailed e) {
            LOG.warn(
                    "The catalogue of providers is not recorded yet; the next try is in {} s. {}",
                    pause.toSeconds(),
                    e.getMessage());
        }
        return recorded;
    }

    private void publish() throws CatalogueLogFailed, InterruptedException {
        List<ListedProvider> there =
                log.recorded().map(ProviderCatalogue::providers).orElse(List.of());
        if (!there.equals(ours.providers())) {
            log.record(Definition.providers(clock.instant(), ours));
            LOG.info("Recorded {} providers in the catalogue", ours.providers().size());
        }
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
