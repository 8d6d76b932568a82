package io.tailrace.turn.knowledge;

import io.tailrace.runlog.LogAccess;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/** The clients of a worker's indexes; made when they are first needed. Thread-safe. */
final class KafkaLogAccess implements LogAccess, AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final KafkaClients kafka;
    private final String process;
    private @Nullable Admin admin;

    /** @param process whose they are */
    KafkaLogAccess(KafkaClients kafka, String process) {
        this.kafka = kafka;
        this.process = process;
    }

    /** Nobody here asks which log it is: an index compares its topic's id. */
    @Override
    public OptionalLong epoch() {
        return OptionalLong.empty();
    }

    @Override
    public synchronized Optional<Admin> admin() {
        Admin client = admin;
        if (client == null) {
            client = kafka.admin(new ClientName(process, "repositories-admin"), Map.of());
            admin = client;
        }
        return Optional.of(client);
    }

    @Override
    public Consumer<byte[], byte[]> consumer(String purpose, Map<String, Object> own) {
        return kafka.consumer(new ClientName(process, purpose), own);
    }

    @Override
    public synchronized void close() {
        Admin client = admin;
        admin = null;
        if (client != null) {
            client.close(CLOSE_WITHIN);
        }
    }
}
