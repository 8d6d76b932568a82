package io.tailrace.events.kafka;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * A client of Kafka for the length of a block, with an end in time: {@code Admin.close()} and {@code Producer.close()},
 * which a plain try-with-resources calls, wait without a bound.
 *
 * @param client what is used inside the block
 * @param closing closes it, bounded
 */
public record BoundedClient<C>(C client, Consumer<C> closing) implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    /** Waits at its end for calls that are under way, up to 5 s. */
    public static BoundedClient<Admin> of(Admin admin) {
        return new BoundedClient<>(admin, it -> it.close(CLOSE_WITHIN));
    }

    /** Sends at its end what it still has, for at most 5 s; what is left by then fails. */
    public static BoundedClient<Producer<byte[], byte[]>> of(Producer<byte[], byte[]> producer) {
        return new BoundedClient<>(producer, it -> it.close(CLOSE_WITHIN));
    }

    @Override
    public void close() {
        closing.accept(client);
    }
}
