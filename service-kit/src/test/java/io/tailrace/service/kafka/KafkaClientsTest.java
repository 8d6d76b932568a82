package io.tailrace.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tailrace.local.testing.TestKafka;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What the operator's {@code spring.kafka.*} changes, and what it cannot. */
class KafkaClientsTest {
    private static final String[] AGAINST_OUR_GUARANTEES = {
        "spring.kafka.client-id=everybody",
        "spring.kafka.properties.retries=0",
        "spring.kafka.properties.request.timeout.ms=60000",
        "spring.kafka.properties.default.api.timeout.ms=60000",
        "spring.kafka.producer.acks=0",
        "spring.kafka.producer.retries=0",
        "spring.kafka.producer.transaction-id-prefix=tx",
        "spring.kafka.producer.properties.enable.idempotence=false",
        "spring.kafka.producer.properties.max.in.flight.requests.per.connection=50",
        "spring.kafka.producer.properties.transactional.id=tx",
        "spring.kafka.producer.properties.linger.ms=900000",
        "spring.kafka.consumer.group-id=someone",
        "spring.kafka.consumer.enable-auto-commit=true",
        "spring.kafka.consumer.auto-offset-reset=latest",
        "spring.kafka.consumer.isolation-level=read_uncommitted",
        "spring.kafka.consumer.key-deserializer=org.apache.kafka.common.serialization.StringDeserializer",
        "spring.kafka.consumer.properties.allow.auto.create.topics=true",
        "spring.kafka.properties.enable.metrics.push=true",
        "spring.kafka.properties.metric.reporters=",
        "spring.kafka.properties.reconnect.backoff.max.ms=600000",
        "spring.kafka.streams.application-id=another",
        "spring.kafka.streams.properties.processing.guarantee=at_least_once",
        "spring.kafka.streams.properties.deserialization.exception.handler=org.apache.kafka.streams.errors.LogAndContinueExceptionHandler",
        "spring.kafka.streams.properties.main.consumer.isolation.level=read_uncommitted",
    };

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, KafkaAutoConfiguration.class))
            .withUserConfiguration(KafkaClientsConfiguration.class);

    private static ClientName name(String purpose) {
        return new ClientName("test", purpose);
    }

    private static KafkaClients clients(ApplicationContext context) {
        return context.getBean(KafkaClients.class);
    }

    @Test
    void theOperatorSaysHowBrokersAreReached() {
        runner.withPropertyValues(
                        "spring.kafka.bootstrap-servers=one:1,two:2",
                        "spring.kafka.security.protocol=SASL_PLAINTEXT",
                        "spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
                        "spring.kafka.producer.batch-size=1KB",
                        "spring.kafka.consumer.fetch-min-size=7B")
                .run(context -> {
                    KafkaClients clients = clients(context);
                    assertThat(clients.bootstrapServers()).isEqualTo("one:1,two:2");
                    for (Map<String, Object> config : List.of(
                            clients.producerConfig(name("p"), Map.of()),
                            clients.consumerConfig(name("c"), Map.of()),
                            clients.streams("s"))) {
                        assertThat(config)
                                .containsEntry("bootstrap.servers", List.of("one:1", "two:2"))
                                .containsEntry("security.protocol", "SASL_PLAINTEXT")
                                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
                    }
                    assertThat(clients.producerConfig(name("p"), Map.of())).containsEntry("batch.size", 1024);
                    assertThat(clients.consumerConfig(name("c"), Map.of())).containsEntry("fetch.min.bytes", 7);
                });
    }

    @Test
    void nothingThatTheOperatorSaysTouchesOurGuarantees() {
        runner.withPropertyValues(AGAINST_OUR_GUARANTEES).run(context -> {
            KafkaClients clients = clients(context);
            assertThat(clients.producerConfig(name("p"), Map.of("delivery.timeout.ms", 5000)))
                    .containsEntry("client.id", "test-p")
                    .containsEntry("acks", "all")
                    .containsEntry("enable.idempotence", true)
                    .containsEntry("retries", Integer.MAX_VALUE)
                    .containsEntry("max.in.flight.requests.per.connection", 5)
                    .containsEntry("linger.ms", 0)
                    .containsEntry("delivery.timeout.ms", 5000)
                    .containsEntry("enable.metrics.push", false)
                    .containsEntry("reconnect.backoff.max.ms", 500L)
                    .doesNotContainKey("transactional.id");
            assertThat(clients.consumerConfig(name("c"), Map.of()))
                    .containsEntry("client.id", "test-c")
                    .containsEntry("isolation.level", "read_committed")
                    .containsEntry("enable.auto.commit", false)
                    .containsEntry("auto.offset.reset", "none")
                    .containsEntry("allow.auto.create.topics", false)
                    .doesNotContainKey("group.id");
            assertThat(clients.streams("s"))
                    .containsEntry("client.id", "s")
                    .doesNotContainKeys(
                            "retries",
                            "request.timeout.ms",
                            "default.api.timeout.ms",
                            "application.id",
                            "processing.guarantee",
                            "deserialization.exception.handler",
                            "main.consumer.isolation.level");
        });
    }

    @Test
    void clientsWorkWhateverTheOperatorSays() {
        runner.withPropertyValues(AGAINST_OUR_GUARANTEES)
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=" + TestKafka.shared().bootstrapServers())
                .run(context -> workTogether(clients(context)));
    }

    private static void workTogether(KafkaClients clients) throws Exception {
        String topic = "clients-" + UUID.randomUUID();
        String group = "group-" + UUID.randomUUID();
        try (Admin admin = clients.admin(name("a"), Map.of())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Producer<byte[], byte[]> producer = clients.producer(name("p"), Map.of());
        var _ = producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2}), null)
                .get(30, TimeUnit.SECONDS);
        try (Consumer<byte[], byte[]> consumer = clients.consumer(name("c"), Map.of())) {
            TopicPartition place = new TopicPartition(topic, 0);
            consumer.assign(List.of(place));
            consumer.seek(place, 0);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    consumer.poll(Duration.ofMillis(200)).records(place))
                            .hasSize(1)
                            .first()
                            .satisfies(it -> assertThat(it.value()).containsExactly(2)));
        }
        try (ShareConsumer<byte[], byte[]> shared = clients.shareConsumer(name("s"), group, Map.of())) {
            shared.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(shared.poll(Duration.ofMillis(200)).count())
                                    .isOne());
        }
        // It is the purpose's own: its close closes it, and the next one is another.
        producer.close(Duration.ofSeconds(5));
        assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, new byte[1], new byte[1])))
                .isInstanceOf(IllegalStateException.class);
        Producer<byte[], byte[]> next = clients.producer(name("p"), Map.of());
        var _ = next.send(new ProducerRecord<>(topic, new byte[1], new byte[1])).get(30, TimeUnit.SECONDS);
        next.close(Duration.ofSeconds(5));
    }

    @Test
    void anAbsentBrokerKeepsNoClientFromBeingMade() {
        runner.withPropertyValues("spring.kafka.bootstrap-servers=127.0.0.1:1").run(context -> {
            KafkaClients clients = clients(context);
            clients.producer(name("p"), Map.of()).close(Duration.ZERO);
            clients.consumer(name("c"), Map.of()).close();
            clients.admin(name("a"), Map.of()).close(Duration.ZERO);
        });
    }

    @Test
    void certificatesThatAreRenewedAreTakenByTheNextConnection() {
        DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("kafka", bundle("old"));
        runner.withBean(DefaultSslBundleRegistry.class, () -> registry)
                .withPropertyValues("spring.kafka.security.protocol=SSL", "spring.kafka.ssl.bundle=kafka")
                .run(context -> {
                    for (Map<String, Object> config : List.of(
                            clients(context).producerConfig(name("p"), Map.of()),
                            clients(context).consumerConfig(name("c"), Map.of()),
                            clients(context).streams("s"))) {
                        assertThat(config).containsEntry("ssl.engine.factory.class", SslBundleSslEngineFactory.class);
                        SslBundle given = (SslBundle) Objects.requireNonNull(config.get(SslBundle.class.getName()));
                        registry.updateBundle("kafka", bundle("old"));
                        assertThat(given.getProtocol()).isEqualTo("old");
                        registry.updateBundle("kafka", bundle("new"));
                        assertThat(given.getProtocol()).isEqualTo("new");
                    }
                });
    }

    @Test
    void aHandshakeThatFailedSaysWhy() {
        SslAuthenticationException bare = new SslAuthenticationException("SSL handshake failed");
        assertThat(KafkaClients.reason(new ExecutionException(bare))).isSameAs(bare);

        SslAuthenticationException expired = new SslAuthenticationException(
                "SSL handshake failed",
                new SSLHandshakeException("PKIX path validation failed")
                        .initCause(new CertificateExpiredException("NotAfter: yesterday")));
        assertThat(KafkaClients.reason(new KafkaException("Failed to construct", expired)))
                .isInstanceOf(SslAuthenticationException.class)
                .hasMessage("SSL handshake failed: NotAfter: yesterday")
                .hasCause(expired);
    }

    private static SslBundle bundle(String protocol) {
        return SslBundle.of(SslStoreBundle.NONE, null, null, protocol);
    }
}
