package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.gateway.cursor.FixedCursors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Who is next at the connection that several runs write to. */
class SharedOutputTest {
    private final SlowClient client = new SlowClient();
    private final SharedOutput output = new SharedOutput(
            client,
            new StreamMeters(new SimpleMeterRegistry(), Clock.systemUTC(), new OpenStreams(1)),
            new PlacesInToken(new RunPlaces(), FixedCursors.create()),
            () -> false);

    /** Takes a piece for each permit. */
    private static final class SlowClient extends OutputStream {
        final Semaphore permits = new Semaphore(0);
        final List<String> taken = new CopyOnWriteArrayList<>();

        @Override
        public void write(byte[] bytes) {
            permits.acquireUninterruptibly();
            taken.add(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void write(int single) {
            throw new AssertionError("a piece is written at once");
        }
    }

    private Thread writing(String piece, int times) {
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < times; i++) {
                try {
                    output.control(_ -> piece.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Test
    void whoWaitsIsNextHoweverMuchTheOtherHas() throws Exception {
        Thread much = writing("much", 50);
        await().atMost(Duration.ofMinutes(1)).until(client.permits::hasQueuedThreads);
        Thread little = writing("little", 1);
        await().atMost(Duration.ofMinutes(1)).until(() -> little.getState() == Thread.State.WAITING);

        client.permits.release(51);
        much.join();
        little.join();

        assertThat(client.taken).hasSize(51).startsWith("much", "little", "much");
    }
}
