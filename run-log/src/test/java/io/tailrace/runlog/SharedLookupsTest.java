package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.runlog.LogSource.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLookupsTest {
    private final SharedLookups lookups = new SharedLookups();
    private final SharedLookups.Key key = keyIn(7);
    private final AtomicInteger looked = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);

    @Test
    void whoComesWhileARecordIsLookedUpGetsTheSame() throws Exception {
        Place.Present there = new Place.Present(LogRecords.at(42, 1, 10));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Place>> all = start(threads, 50, key, there);
            await().during(Duration.ofMillis(200)).atMost(Reader.BOUND).until(() -> looked.get() == 1);
            answered.countDown();
            for (Future<Place> each : all) {
                assertThat(each.get()).isSameAs(there);
            }
        }
        assertThat(looked).hasValue(1);
        assertThat(lookups.at(key, () -> look(there))).isSameAs(there);
        assertThat(looked).as("nothing is kept").hasValue(2);
    }

    @Test
    void whatWasNotFoundIsLookedUpByEach() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Place>> all = start(threads, 5, key, new Place.Beyond());
            answered.countDown();
            for (Future<Place> each : all) {
                assertThat(each.get()).isEqualTo(new Place.Beyond());
            }
        }
        assertThat(looked).hasValue(5);
    }

    @Test
    void aFailureIsThatOfOneAlone() throws Exception {
        Place.Present there = new Place.Present(LogRecords.at(42, 1, 10));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Place> failing = threads.submit(() -> lookups.at(key, () -> {
                looked.incrementAndGet();
                answered.await();
                throw new LogUnreadable("for a test");
            }));
            await().atMost(Reader.BOUND).until(() -> looked.get() == 1);
            Future<Place> other = threads.submit(() -> lookups.at(key, () -> look(there)));
            answered.countDown();
            assertThat(other.get()).isSameAs(there);
            assertThatThrownBy(failing::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(LogUnreadable.class);
        }
    }

    @Test
    void ofAnotherLogNothingIsShared() throws Exception {
        Place.Present there = new Place.Present(LogRecords.at(42, 1, 10));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Place>> old = start(threads, 1, key, there);
            await().atMost(Reader.BOUND).until(() -> looked.get() == 1);
            Place.Present now = new Place.Present(LogRecords.at(42, 1, 10));
            assertThat(lookups.at(keyIn(8), () -> now)).isSameAs(now);
            answered.countDown();
            assertThat(old.getFirst().get()).isSameAs(there);
        }
    }

    private static SharedLookups.Key keyIn(long epoch) {
        return new SharedLookups.Key(OptionalLong.of(epoch), LogRecords.RUN, new LogPosition(Topic.RUN_EVENTS, 1, 42));
    }

    private List<Future<Place>> start(ExecutorService threads, int count, SharedLookups.Key of, Place answer) {
        List<Future<Place>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(threads.submit(() -> lookups.at(of, () -> look(answer))));
        }
        return all;
    }

    private Place look(Place answer) throws InterruptedException {
        looked.incrementAndGet();
        answered.await();
        return answer;
    }
}
