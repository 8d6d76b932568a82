package io.tailrace.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log as Apicurio's own deserializer reads it, with the schemas that the gateway gives it. */
class ApicurioDeserializerTest {
    @AutoClose
    private static final DecidedGateway DECIDED = DecidedGateway.start();

    private static final TestGateway GATEWAY = DECIDED.gateway();

    @ParameterizedTest
    @ValueSource(strings = {"", "/schema-registry", "/apis/registry/v3"})
    void recordOfTheLogIsRead(String path) {
        String run = GATEWAY.post("/v1/runs", """
                        {"workspace":"demo","title":"für Apicurio",
                         "plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""").text("run_id");

        GenericRecord record = lastOf(run, GATEWAY.uri(path).toString());

        assertThat(record.get("run_id")).hasToString(run);
        assertThat(record.get("title")).hasToString("für Apicurio");
    }

    private static GenericRecord lastOf(String run, String registry) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.shared().bootstrapServers());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, AvroKafkaDeserializer.class);
        settings.put("apicurio.registry.url", registry);
        try (KafkaConsumer<String, GenericRecord> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(consumer.partitionsFor(Topic.RUNS.topicName()).stream()
                    .map(it -> new TopicPartition(it.topic(), it.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            Optional<GenericRecord> last = Optional.empty();
            while (ends.entrySet().stream().anyMatch(it -> consumer.position(it.getKey()) < it.getValue())) {
                for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.key().equals(run)) {
                        last = Optional.of(record.value());
                    }
                }
            }
            return last.orElseThrow();
        }
    }

    @Test
    void whatWasNeverReleasedIsAProblem() {
        for (String id : new String[] {"999999", "0", "-1", "x"}) {
            for (String path : new String[] {"", "/references"}) {
                Refusal.check(GATEWAY.get("/apis/registry/v3/ids/contentIds/" + id + path), 404, "unknown_schema", "");
            }
        }
    }
}
