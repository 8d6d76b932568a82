package io.tailrace.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/** What is shown of Kafka's clients: by purpose, as long as there is one, in a form that Prometheus takes. */
@Timeout(120)
class ClientMetersTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final String topic = "metered-" + UUID.randomUUID();

    private KafkaClients clients(String servers, boolean all) {
        return new KafkaClients(
                new KafkaProperties(), () -> List.of(servers), new ClientMeters(registry, new ShownMetrics(all)));
    }

    private KafkaClients clients(boolean all) {
        return clients(TestKafka.shared().bootstrapServers(), all);
    }

    private static ClientName name(String purpose) {
        // As workers are called: each life another name.
        return new ClientName("worker-" + UUID.randomUUID(), purpose);
    }

    private Set<String> shown() {
        return registry.scrape()
                .lines()
                .filter(it -> it.startsWith("kafka_"))
                .map(it -> it.substring(0, it.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private double counted(String name, String client) {
        return Objects.requireNonNull(registry.find(name).tag("client", client).functionCounter(), name)
                .count();
    }

    private double gauged(String name, String client) {
        return Objects.requireNonNull(registry.find(name).tag("client", client).gauge(), name)
                .value();
    }

    @Test
    void metersEndWithTheirClientHoweverManyAreMade() {
        KafkaClients clients = clients("127.0.0.1:1", false);
        Set<String> first = Set.of();
        for (int i = 0; i < 5; i++) {
            Producer<byte[], byte[]> producer = clients.producer(name("claims"), Map.of());
            Consumer<byte[], byte[]> consumer = clients.consumer(name("scan-" + i), Map.of());
            ShareConsumer<byte[], byte[]> shared = clients.shareConsumer(name("requests"), "group", Map.of());
            Admin admin = clients.admin(name("admin"), Map.of());
            Set<String> now = shown();
            first = i == 0 ? now : first;
            assertThat(now)
                    .isEqualTo(first)
                    .hasSizeBetween(20, 60)
                    .contains(
                            "kafka_producer_request_total{client=\"claims\"}",
                            "kafka_producer_produce_throttle_time_max{client=\"claims\"}",
                            "kafka_consumer_fetch_manager_fetch_throttle_time_max{client=\"scan\"}",
                            "kafka_consumer_share_fetch_manager_acknowledgements_send_total{client=\"requests\"}",
                            "kafka_consumer_connection_count{client=\"requests\"}",
                            "kafka_admin_client_failed_authentication_total{client=\"admin\"}");
            producer.close(Duration.ZERO);
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            shared.close(Duration.ZERO);
            admin.close(Duration.ZERO);
            await().atMost(SOON).untilAsserted(() -> assertThat(shown()).isEmpty());
        }
    }

    @Test
    void aClientThatCannotBeMadeLeavesNoMeter() {
        assertThatThrownBy(() -> clients("no-such-host.invalid:1", false).producer(name("claims"), Map.of()))
                .isInstanceOf(KafkaException.class);
        assertThat(shown()).isEmpty();
    }

    @Test
    void severalOfAPurposeAreOneMeterThatNeverCountsBackwards() throws Exception {
        create(1);
        KafkaClients clients = clients(false);
        Producer<byte[], byte[]> one = clients.producer(name("facts"), Map.of());
        Producer<byte[], byte[]> two = clients.producer(name("facts"), Map.of());
        send(one);
        send(two);
        send(two);
        assertThat(counted("kafka.producer.record.send.total", "facts")).isEqualTo(3);
        assertThat(gauged("kafka.producer.connection.count", "facts")).isGreaterThanOrEqualTo(2);
        assertThat(gauged("kafka.producer.request.latency.max", "facts")).isGreaterThanOrEqualTo(0);

        two.close(Duration.ofSeconds(5));
        assertThat(counted("kafka.producer.record.send.total", "facts")).isEqualTo(3);
        send(one);
        assertThat(counted("kafka.producer.record.send.total", "facts")).isEqualTo(4);
        one.close(Duration.ofSeconds(5));
        assertThat(shown()).isEmpty();
    }

    private void send(Producer<byte[], byte[]> producer) throws Exception {
        var _ = producer.send(new ProducerRecord<>(topic, new byte[1], new byte[1]))
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void lagIsShownByTopicWithoutItsPartitions() throws Exception {
        KafkaClients clients = clients(false);
        create(3);
        Producer<byte[], byte[]> producer = clients.producer(name("facts"), Map.of());
        for (int i = 0; i < 30; i++) {
            var _ = producer.send(new ProducerRecord<>(topic, i % 3, new byte[1], new byte[1]))
                    .get(30, TimeUnit.SECONDS);
        }
        producer.close(Duration.ofSeconds(5));
        try (Consumer<byte[], byte[]> consumer = clients.consumer(name("tail"), Map.of("max.poll.records", 1))) {
            List<TopicPartition> all = List.of(0, 1, 2).stream()
                    .map(it -> new TopicPartition(topic, it))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            await().atMost(SOON).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(100));
                assertThat(registry.find("kafka.consumer.fetch.manager.records.lag")
                                .tag("topic", topic)
                                .gauges())
                        .singleElement()
                        .satisfies(it -> assertThat(it.value()).isBetween(1.0, 29.0));
            });
            assertThat(shown()).filteredOn(it -> it.contains(topic)).hasSize(1);
        }
        assertThat(shown()).isEmpty();
    }

    private void create(int partitions) throws Exception {
        Admin admin = clients(false).admin(name("admin"), Map.of());
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        admin.close(SOON);
    }

    /** Two clients of one name with different tags would be refused by Prometheus, one of them silently. */
    @Test
    void allThatKafkaMeasuresFitsTogether() throws Exception {
        KafkaClients clients = clients(true);
        create(1);
        Producer<byte[], byte[]> producer = clients.producer(name("facts"), Map.of());
        send(producer);
        try (Consumer<byte[], byte[]> consumer = clients.consumer(name("tail"), Map.of())) {
            TopicPartition place = new TopicPartition(topic, 0);
            consumer.assign(List.of(place));
            consumer.seek(place, 0);
            await().atMost(SOON)
                    .until(() -> consumer.poll(Duration.ofMillis(100)).count() > 0);
            assertThat(shown())
                    .hasSizeGreaterThan(150)
                    .contains(
                            "kafka_producer_batch_size_avg{client=\"facts\"}",
                            "kafka_producer_topic_by_topic_record_send_total{client=\"facts\",topic=\"" + topic + "\"}",
                            "kafka_consumer_fetch_manager_records_consumed_total{client=\"tail\"}",
                            "kafka_consumer_fetch_manager_by_topic_records_consumed_total{client=\"tail\",topic=\""
                                    + topic + "\"}");
            assertThat(shown()).noneMatch(it -> it.contains("worker-"));
        }
        producer.close(Duration.ofSeconds(5));
        assertThat(shown()).isEmpty();
    }

    @Test
    void kafkaStreamsIsShownWithoutItsThreads() throws Exception {
        create(1);
        StreamsBuilder topology = new StreamsBuilder();
        topology.stream(topic).foreach((_, _) -> {});
        Properties config = new Properties();
        config.putAll(clients(false).streams("coordinator-" + UUID.randomUUID()));
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "metered-" + UUID.randomUUID());
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        KafkaStreams streams = new KafkaStreams(topology.build(), config);
        assertThat(shown())
                .contains(
                        "kafka_stream_alive_stream_threads{client=\"streams\"}",
                        "kafka_stream_thread_commit_total{client=\"streams\"}",
                        "kafka_consumer_coordinator_rebalance_total{client=\"streams\"}",
                        "kafka_consumer_request_total{client=\"streams-restore\"}",
                        "kafka_producer_txn_commit_time_ns_total{client=\"streams\"}",
                        "kafka_admin_client_request_total{client=\"streams\"}")
                .noneMatch(it -> it.contains("StreamThread"));
        streams.close(SOON);
        await().atMost(SOON).untilAsserted(() -> assertThat(shown()).isEmpty());
    }

    @Test
    void theOperatorsReportersStay() {
        KafkaProperties properties = new KafkaProperties();
        assertThat(reporters(properties))
                .isEqualTo(List.of(JmxReporter.class.getName(), ClientMetricsReporter.class.getName()));
        properties.getProperties().put("metric.reporters", "a.B, c.D");
        assertThat(reporters(properties)).isEqualTo(List.of("a.B", "c.D", ClientMetricsReporter.class.getName()));
    }

    private Object reporters(KafkaProperties properties) {
        KafkaClients clients = new KafkaClients(
                properties, () -> List.of("127.0.0.1:1"), new ClientMeters(registry, new ShownMetrics(false)));
        return Objects.requireNonNull(clients.streams("s").get("metric.reporters"));
    }

    @Test
    void countersAreCountersForPrometheus() {
        KafkaClients clients = clients("127.0.0.1:1", false);
        Producer<byte[], byte[]> producer = clients.producer(name("facts"), Map.of());
        assertThat(registry.find("kafka.producer.record.error.total").meter()).isInstanceOf(FunctionCounter.class);
        assertThat(registry.find("kafka.producer.request.latency.avg").meter()).isInstanceOf(Gauge.class);
        producer.close(Duration.ZERO);
    }
}
