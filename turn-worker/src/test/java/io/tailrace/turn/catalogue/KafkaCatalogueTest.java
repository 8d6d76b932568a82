package io.tailrace.turn.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.Topic;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.turn.TurnWorkerApplication;
import io.tailrace.turn.catalogue.CatalogueLog.CatalogueLogFailed;
import io.tailrace.turn.provider.ProviderListing;
import io.tailrace.worker.testing.TestLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The catalogue of providers on a broker of its own. */
class KafkaCatalogueTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final EventCodec CODEC = new EventCodec();

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        ensureTopics(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void ensureTopics(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            Topics.ensure(admin, TestLog.TOPICS);
        }
    }

    private static void publish(String worker, List<ProviderListing> providers) {
        Catalogue<ProviderCatalogue> catalogue = Catalogue.providers(new WorkerId(worker), providers);
        try (CataloguePublisher<?> publisher = new CataloguePublisher<>(
                new KafkaCatalogueLog<>(
                        KafkaClients.at(broker.bootstrapServers()), worker, CODEC, catalogue.key(), catalogue.type()),
                catalogue,
                InstantSource.system())) {
            publisher.start();
            Awaitility.await().atMost(SOON).until(publisher::isRecorded);
        }
    }

    /** All records of definitions that are keyed as the catalogue is. */
    private static List<ConsumerRecord<byte[], byte[]>> written(String servers) {
        TopicPartition place = new TopicPartition(Topic.DEFINITIONS.topicName(), 0);
        List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(place));
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(written::add);
            }
        }
        written.removeIf(it -> !new String(it.key(), StandardCharsets.UTF_8).equals("providers"));
        return written;
    }

    private static ProviderCatalogue decoded(ConsumerRecord<byte[], byte[]> record) throws Exception {
        return (ProviderCatalogue) CODEC.decode(Topic.DEFINITIONS, Definition.class, record.value())
                .resource();
    }

    private static void write(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    @Test
    void equalWorkersWriteOneRecordAndAnotherOneReplacesIt() throws Exception {
        int before = written(broker.bootstrapServers()).size();
        List<ProviderListing> providers = SomeProviders.listed();
        publish("first", providers);
        write(new KafkaRecords(CODEC)
                .definition(Definition.configuration(
                        new WorkspaceId("w"),
                        "providers",
                        Instant.EPOCH,
                        new ArtifactRef("0a".repeat(32), ArtifactRef.ZIP, 1, 1, 0, 0))));
        publish("second", providers);
        assertThat(written(broker.bootstrapServers())).hasSize(before + 1);

        publish("third", SomeProviders.listed(Map.of()));
        List<ConsumerRecord<byte[], byte[]>> after = written(broker.bootstrapServers());
        assertThat(after).hasSize(before + 2);
        assertThat(decoded(after.getLast()).recordedBy()).isEqualTo(new WorkerId("third"));
        assertThat(decoded(after.getLast()).providers()).isEqualTo(ListedProviders.of(SomeProviders.listed(Map.of())));
        for (ConsumerRecord<byte[], byte[]> record : after) {
            assertThat(new String(record.value(), StandardCharsets.UTF_8))
                    .contains("COMPANY_KEY")
                    .doesNotContain(SomeProviders.SECRET);
        }
    }

    @Test
    void whatThisReleaseCannotReadIsReplaced() throws Exception {
        publish("before", SomeProviders.listed());
        write(new ProducerRecord<>(
                Topic.DEFINITIONS.topicName(),
                "providers".getBytes(StandardCharsets.UTF_8),
                "COMPANY_KEY of a later release".getBytes(StandardCharsets.UTF_8)));
        publish("after", SomeProviders.listed());
        assertThat(decoded(written(broker.bootstrapServers()).getLast()).recordedBy())
                .isEqualTo(new WorkerId("after"));
    }

    @Test
    void aLogThatCannotBeReachedIsAFailureAndNotAnEmptyOne() {
        assertThatThrownBy(() -> new KafkaCatalogueLog<>(
                                KafkaClients.at("127.0.0.1:1"),
                                "nobody",
                                CODEC,
                                Definition.PROVIDERS,
                                ProviderCatalogue.class)
                        .recorded())
                .isInstanceOf(CatalogueLogFailed.class)
                .hasMessageContaining("What is recorded cannot be read");
    }

    @Test
    void aWorkerThatIsThereBeforeItsBrokerWaitsForItAndRecordsThen(@TempDir Path later) throws Exception {
        int port = FreePorts.pick(1).getFirst();
        String servers = "127.0.0.1:" + port;
        SpringApplication application = new SpringApplication(TurnWorkerApplication.class);
        application.setRegisterShutdownHook(false);
        try (ConfigurableApplicationContext worker = application.run(
                "--logging.level.root=error",
                "--tailrace.worker.id=early",
                "--tailrace.kafka.partitions=3",
                "--spring.kafka.bootstrap-servers=" + servers)) {
            Catalogues catalogues = worker.getBean(Catalogues.class);
            assertThat(catalogues.areRecorded()).isFalse();
            try (EmbeddedBroker late = EmbeddedBroker.start(
                    later,
                    BrokerSettings.durable(port)
                            .endingWithParent()
                            .withJvmOptions(BrokerSettings.forTests().jvmOptions()))) {
                assertThat(late.isAlive()).isTrue();
                Awaitility.await().atMost(SOON).until(catalogues::areRecorded);
                assertThat(worker.isRunning()).isTrue();
                ProviderCatalogue catalogue = decoded(written(servers).getLast());
                assertThat(catalogue.recordedBy().value()).startsWith("early-");
                assertThat(catalogue.providers()).extracting(ListedProvider::id).containsExactly("scripted");
            }
        }
    }
}
