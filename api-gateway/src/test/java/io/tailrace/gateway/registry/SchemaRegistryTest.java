package io.tailrace.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry as a client that knows nothing of us uses it: plain HTTP, a plain consumer, Avro's generic reader. */
class SchemaRegistryTest {
    private static final String TYPE = "application/vnd.schemaregistry.v1+json";

    @AutoClose
    private static final DecidedGateway DECIDED = DecidedGateway.start();

    private static final TestGateway GATEWAY = DECIDED.gateway();

    private static Answer get(String path) {
        return GATEWAY.get("/schema-registry" + path, "Accept", TYPE + ", application/json;q=0.5");
    }

    @Test
    void recordOfTheLogIsReadWithNothingButHttpAndAvro() throws IOException {
        Answer created = GATEWAY.post("/v1/runs", """
                {"workspace":"demo","title":"für Avro",
                 "plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""");
        String run = created.text("run_id");
        byte[] value = lastOf(run);
        ByteBuffer framed = ByteBuffer.wrap(value);
        assertThat(framed.get()).isZero();
        int id = framed.getInt();

        Answer found = get("/schemas/ids/" + id);
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.header("content-type")).contains(TYPE);
        Schema schema = new Schema.Parser().parse(found.text("schema"));
        GenericRecord record = new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));

        assertThat(record.get("run_id")).hasToString(run);
        assertThat(record.get("title")).hasToString("für Avro");
        assertThat(record.get("status")).hasToString("queued");
    }

    private static byte[] lastOf(String run) {
        TopicPartition partition = new TopicPartition(
                Topic.RUNS.topicName(),
                KafkaRecords.partitionOf(new io.tailrace.events.id.RunId(run), TestGateway.PARTITIONS));
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.shared().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Optional.ofNullable(
                            consumer.endOffsets(List.of(partition)).get(partition))
                    .orElse(0L);
            byte[] last = {};
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (new String(record.key(), StandardCharsets.UTF_8).equals(run)) {
                        last = record.value();
                    }
                }
            }
            return last;
        }
    }

    @Test
    void subjectsAreTheTopics() {
        Answer subjects = get("/subjects");

        assertThat(StreamSupport.stream(subjects.json().spliterator(), false).map(it -> it.asString()))
                .contains("tailrace.run-events-value", "tailrace.build-events-value", "tailrace.runs-value")
                .hasSize(Topic.withSchema().size());
    }

    @Test
    void versionsOfASubjectAreFoundByNumberAndAsTheLatest() {
        assertThat(get("/subjects/tailrace.runs-value/versions").body()).startsWith("[1");
        Answer first = get("/subjects/tailrace.runs-value/versions/1");
        assertThat(first.text("subject")).isEqualTo("tailrace.runs-value");
        assertThat(first.json().get("version").asInt()).isEqualTo(1);
        assertThat(get("/schemas/ids/" + first.json().get("id").asInt()).text("schema"))
                .isEqualTo(first.text("schema"));
        assertThat(get("/subjects/tailrace.runs-value/versions/latest").status())
                .isEqualTo(200);
        assertThat(get("/subjects/tailrace.runs-value/versions/1/schema").body())
                .isEqualTo(first.text("schema"));
    }

    @Test
    void whatElseClientsAskAtTheirStart() {
        assertThat(get("/schemas/types").body()).isEqualTo("[\"AVRO\"]");
        assertThat(get("/config").text("compatibilityLevel")).isEqualTo("BACKWARD");
        assertThat(get("/config/tailrace.runs-value").text("compatibilityLevel"))
                .isEqualTo("BACKWARD");
        assertThat(get("/mode").text("mode")).isEqualTo("READONLY");
        assertThat(get("/").body()).isEqualTo("{}");
        assertThat(get("").body()).isEqualTo("{}");
    }

    @ParameterizedTest(name = "{0} {1} → {2}, {3}")
    @CsvSource({
        "GET, /schemas/ids/999999, 404, 40403",
        "GET, /schemas/ids/abc, 404, 40403",
        "GET, /schemas/ids/0, 404, 40403",
        "GET, /subjects/nix/versions, 404, 40401",
        "GET, /subjects/nix/versions/1, 404, 40401",
        "GET, /subjects/tailrace.runs-value/versions/99, 404, 40402",
        "GET, /subjects/tailrace.runs-value/versions/0, 422, 42202",
        "GET, /subjects/tailrace.runs-value/versions/first, 422, 42202",
        "GET, /config/nix, 404, 40401",
        "GET, /nix, 404, 404",
        "POST, /subjects/tailrace.runs-value/versions, 405, 405",
        "POST, /compatibility/subjects/tailrace.runs-value/versions/latest, 405, 405",
        "PUT, /config, 405, 405",
        "DELETE, /subjects/tailrace.runs-value, 405, 405",
        "DELETE, /subjects/tailrace.runs-value/versions/1, 405, 405",
        "PUT, /mode, 405, 405"
    })
    void refusalsHaveTheRegistrysShape(String method, String path, int status, int code) {
        Answer answer = GATEWAY.send(method, "/schema-registry" + path, method.equals("GET") ? "" : "{}");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).contains(TYPE);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(code);
        assertThat(answer.text("message")).isNotBlank();
    }
}
