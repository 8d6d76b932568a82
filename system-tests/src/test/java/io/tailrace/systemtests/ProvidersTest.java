package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What the turn-workers' operator has configured, as everybody sees it. */
@Timeout(180)
class ProvidersTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String WORKER = "turn-worker-1";

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void theWorkersProvidersAreListedWithWhatIsMissing() throws Exception {
        awaitMissing("keyed", List.of());
        JsonNode answer = providers(gateway);
        assertThat(ids(answer)).containsExactly("scripted", "local", "keyed", "keyless");
        assertThat(answer.get("recorded_by").asString()).startsWith("turn-worker-");
        JsonNode keyed = one("keyed");
        assertThat(keyed.get("available").asBoolean()).isTrue();
        assertThat(names(keyed.get("credential_variables"))).containsExactly(SharedStack.KEY_VARIABLE);
        assertThat(keyed.at("/models/0/context_window_tokens").asInt()).isEqualTo(32_000);
        assertThat(keyed.at("/models/0/defaults/temperature").asDouble()).isEqualTo(0.2);
        assertThat(names(keyed.at("/models/0/capabilities"))).containsExactly("streaming", "tools");
        JsonNode keyless = one("keyless");
        assertThat(keyless.get("available").asBoolean()).isFalse();
        assertThat(names(keyless.get("missing"))).containsExactly(ModelServer.ABSENT_VARIABLE);
        assertThat(providers(SharedStack.gateway(2))).isEqualTo(answer);
    }

    @Test
    void aWorkerThatStartsWithAnotherEnvironmentReplacesWhatIsListed() throws Exception {
        awaitMissing("keyed", List.of());
        try {
            SharedStack.get().start(WORKER, Map.of(SharedStack.KEY_VARIABLE, ""));
            awaitMissing("keyed", List.of(SharedStack.KEY_VARIABLE));
            assertThat(providers(gateway).get("recorded_by").asString()).startsWith(WORKER);
        } finally {
            SharedStack.get().start(WORKER, Map.of());
        }
        awaitMissing("keyed", List.of());
        theCredentialIsNowhere();
    }

    @Test
    void aTurnFailsWithTheVariableThatIsListedAsMissing() {
        Chat chat = Chat.create(gateway, Map.of("provider", "keyless", "model", "m"));
        chat.submit("Hello", Map.of());
        gateway.awaitStatus(chat.run, "idle", SOON);
        JsonNode failed = chat.events().stream()
                .filter(it -> it.get("type").asString().equals("turn.failed"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.at("/payload/failure/code").asString()).isEqualTo("missing_credential");
        assertThat(failed.at("/payload/failure/message").asString()).contains(ModelServer.ABSENT_VARIABLE);
    }

    private static void theCredentialIsNowhere() throws IOException {
        assertThat(SharedStack.gateway(1).get("/v1/providers").body()).doesNotContain(SharedStack.KEY);
        String topic = topic();
        assertThat(topic).contains(SharedStack.KEY_VARIABLE).doesNotContain(SharedStack.KEY);
        for (StackMember member : SharedStack.get().members()) {
            assertThat(Files.readString(member.log())).as(member.name()).doesNotContain(SharedStack.KEY);
        }
    }

    /** All bytes of the topic of definitions, as text. */
    private static String topic() {
        TopicPartition place = new TopicPartition("tailrace.definitions", 0);
        StringBuilder text = new StringBuilder();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", SharedStack.get().bootstrapServers(), "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(it -> text.append(new String(it.value(), StandardCharsets.UTF_8)));
            }
        }
        return text.toString();
    }

    private void awaitMissing(String provider, List<String> variables) {
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(
                        () -> assertThat(names(one(provider).path("missing"))).isEqualTo(variables));
    }

    private JsonNode one(String id) {
        HttpResponse<String> response = gateway.get("/v1/providers/" + id);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Gateway.JSON.readTree(response.body());
    }

    private static JsonNode providers(Gateway gateway) {
        HttpResponse<String> response = gateway.get("/v1/providers");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Gateway.JSON.readTree(response.body());
    }

    private static List<String> ids(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.get("providers").forEach(it -> ids.add(it.get("id").asString()));
        return ids;
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(it -> names.add(it.asString()));
        return names;
    }
}
