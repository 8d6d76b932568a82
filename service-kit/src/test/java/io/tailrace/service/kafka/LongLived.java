package io.tailrace.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** One client of each sort, from one service, as services have them: for as long as the process lives. */
final class LongLived implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, Object> BOUNDED =
            Map.of("default.api.timeout.ms", 3_000, "request.timeout.ms", 2_000);

    /** Uses a client somehow; what comes of that does not matter. */
    private interface Use {
        void once() throws Exception;
    }

    /** How a client is used, what it has measured, and how it is closed. */
    private record Client(
            String sort,
            Use use,
            java.util.function.Supplier<Map<MetricName, ? extends Metric>> metrics,
            Runnable close) {
        double logins() {
            return metrics.get().entrySet().stream()
                    .filter(it -> it.getKey().name().equals("successful-authentication-total"))
                    .mapToDouble(it -> (Double) it.getValue().metricValue())
                    .sum();
        }
    }

    private final List<Client> all = new ArrayList<>();
    private final Map<String, Double> logins = new HashMap<>();

    LongLived(KafkaClients clients, String topic) {
        Producer<byte[], byte[]> producer =
                clients.producer(new ClientName("test", "p"), Map.of("max.block.ms", 2_000));
        add(new Client(
                "producer",
                () -> producer.partitionsFor(topic),
                producer::metrics,
                () -> producer.close(Duration.ZERO)));
        Consumer<byte[], byte[]> consumer = clients.consumer(new ClientName("test", "c"), BOUNDED);
        add(new Client(
                "consumer",
                () -> consumer.listTopics(Duration.ofSeconds(2)),
                consumer::metrics,
                () -> consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO))));
        ShareConsumer<byte[], byte[]> shared = clients.shareConsumer(new ClientName("test", "s"), "renewal", Map.of());
        shared.subscribe(List.of(topic));
        add(new Client(
                "share consumer",
                () -> shared.poll(Duration.ofMillis(100)),
                shared::metrics,
                () -> shared.close(Duration.ZERO)));
        Admin admin = clients.admin(new ClientName("test", "a"), BOUNDED);
        add(new Client("admin", () -> ask(admin), admin::metrics, () -> admin.close(Duration.ZERO)));
        Map<String, Object> streams = clients.streams("test-streams");
        streams.putAll(BOUNDED);
        Admin ofStreams = new ForwardingAdmin(streams);
        add(new Client(
                "admin of Streams", () -> ask(ofStreams), ofStreams::metrics, () -> ofStreams.close(Duration.ZERO)));
    }

    private void add(Client client) {
        all.add(client);
    }

    private static void ask(Admin admin) throws Exception {
        admin.describeCluster().nodes().get(3, TimeUnit.SECONDS);
    }

    /** Each is used until it has logged in once more than when this was asked last. */
    void logInAgain(String when) {
        for (Client client : all) {
            double before = logins.getOrDefault(client.sort(), 0.0);
            await(client.sort() + " " + when).atMost(SOON).ignoreExceptions().untilAsserted(() -> {
                client.use().once();
                assertThat(client.logins()).isGreaterThan(before);
            });
        }
    }

    /** What counts as before: nothing is connected any more. */
    void count() {
        all.forEach(it -> logins.put(it.sort(), it.logins()));
    }

    @Override
    public void close() {
        all.forEach(it -> it.close().run());
    }
}
