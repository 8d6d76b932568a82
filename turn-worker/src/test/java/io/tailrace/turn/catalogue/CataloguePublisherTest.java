package io.tailrace.turn.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.id.WorkerId;
import io.tailrace.turn.provider.ProviderListing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CataloguePublisherTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final FakeLog log = new FakeLog();

    /** A log in memory that fails as often as it is told to. */
    private static final class FakeLog implements CatalogueLog<ProviderCatalogue> {
        final List<Definition> records = new CopyOnWriteArrayList<>();
        final AtomicInteger unreadable = new AtomicInteger();
        final AtomicInteger unwritable = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();
        final CountDownLatch open = new CountDownLatch(1);

        @Override
        public Optional<ProviderCatalogue> recorded() throws CatalogueLogFailed, InterruptedException {
            asked.incrementAndGet();
            open.await();
            failIf(unreadable);
            return records.isEmpty()
                    ? Optional.empty()
                    : Optional.of((ProviderCatalogue) records.getLast().resource());
        }

        @Override
        public void record(Definition catalogue) throws CatalogueLogFailed {
            failIf(unwritable);
            records.add(catalogue);
        }

        private static void failIf(AtomicInteger failures) throws CatalogueLogFailed {
            if (failures.getAndDecrement() > 0) {
                throw new CatalogueLogFailed("It does not work.", new IllegalStateException());
            }
        }
    }

    private CataloguePublisher<ProviderCatalogue> publisher(String worker, List<ProviderListing> providers) {
        return new CataloguePublisher<>(
                log,
                Catalogue.providers(new WorkerId(worker), providers),
                InstantSource.fixed(NOW),
                Duration.ofMillis(20));
    }

    private void publish(String worker, List<ProviderListing> providers) {
        try (CataloguePublisher<?> publisher = publisher(worker, providers)) {
            publisher.start();
            Awaitility.await().until(publisher::isRecorded);
        }
    }

    @Test
    void equalWorkersWriteOnceAndAnotherOneReplacesIt() {
        log.open.countDown();
        publish("first", SomeProviders.listed());
        publish("second", SomeProviders.listed());
        assertThat(log.records)
                .singleElement()
                .isEqualTo(Definition.providers(
                        NOW, new ProviderCatalogue(new WorkerId("first"), ListedProviders.of(SomeProviders.listed()))));

        publish("third", SomeProviders.listed(Map.of()));
        assertThat(log.records).hasSize(2);
        assertThat(((ProviderCatalogue) log.records.getLast().resource()).recordedBy())
                .isEqualTo(new WorkerId("third"));
    }

    @Test
    void aWorkerThatMissesSomethingDoesNotReplaceWhatAnotherWroteAfterIt() {
        log.open.countDown();
        AtomicInteger looks = new AtomicInteger();
        ProviderCatalogue less = new ProviderCatalogue(new WorkerId("less"), List.of());
        ProviderCatalogue more =
                new ProviderCatalogue(new WorkerId("more"), ListedProviders.of(SomeProviders.listed()));
        Catalogue<ProviderCatalogue> incomplete = new Catalogue<>(
                "providers",
                Definition.PROVIDERS,
                ProviderCatalogue.class,
                () -> {
                    looks.incrementAndGet();
                    return less;
                },
                ProviderCatalogue::providers,
                Definition::providers,
                _ -> false,
                Duration.ofMillis(20));
        try (CataloguePublisher<?> publisher =
                new CataloguePublisher<>(log, incomplete, InstantSource.fixed(NOW), Duration.ofMillis(20))) {
            log.records.add(Definition.providers(NOW, more));
            publisher.start();
            Awaitility.await().until(publisher::isRecorded);
            log.records.add(Definition.providers(NOW, new ProviderCatalogue(new WorkerId("other"), more.providers())));
            int before = looks.get();
            Awaitility.await().until(() -> looks.get() > before + 2);
        }
        assertThat(log.records)
                .extracting(
                        it -> ((ProviderCatalogue) it.resource()).recordedBy().value())
                .containsExactly("more", "less", "other");
    }

    @Test
    void whatDoesNotWorkIsTriedAgainUntilItDoes() {
        log.open.countDown();
        log.unreadable.set(2);
        log.unwritable.set(2);
        publish("worker", SomeProviders.listed());
        assertThat(log.asked).hasValue(5);
        assertThat(log.records).hasSize(1);
    }

    @Test
    void nobodyWaitsForALogThatStandsStill() {
        try (CataloguePublisher<?> publisher = publisher("worker", SomeProviders.listed())) {
            publisher.start();
            publisher.start();
            Awaitility.await().until(() -> log.asked.get() == 1);
            assertThat(publisher.isRecorded()).isFalse();
        }
        assertThat(log.records).isEmpty();
        assertThat(log.asked).hasValue(1);
    }

    @Test
    void oneThatNeverStartedCanBeClosed() {
        CataloguePublisher<?> publisher = publisher("worker", SomeProviders.listed());
        publisher.close();
        publisher.start();
        assertThat(log.asked).hasValue(0);
    }
}
