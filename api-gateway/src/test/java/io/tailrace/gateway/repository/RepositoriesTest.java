package io.tailrace.gateway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Repositories through HTTP, on a real broker, at two gateways. The model hashes words. */
class RepositoriesTest {
    private static final String MODEL = "hashed-words-1";
    private static final String MARKDOWN = "text/markdown";

    @TempDir
    private static Path folder;

    private static TestGateway gateway;
    private static TestGateway other;
    private static int names;

    @BeforeAll
    static void start() {
        gateway = first();
        other = TestGateway.start(
                "tailrace.gateway.repositories.max-open=2", "tailrace.gateway.repositories.answer-within=1m");
    }

    private static TestGateway first() {
        return TestGateway.start(
                "tailrace.gateway.repositories.dir=" + folder.resolve("indexes"),
                "tailrace.gateway.repositories.max-document=64KB",
                "tailrace.gateway.repositories.answer-within=1m");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    /** The path of a repository that no other test has used. */
    private static String made(String settings) {
        String path = "/v1/repositories/r" + System.nanoTime() + "-" + names++;
        Answer answer = gateway.send("PUT", path, settings, "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return path;
    }

    private static String withModel() {
        return made("{\"model\":\"" + MODEL + "\"}");
    }

    private static Answer put(String repository, String document, String type, String text) {
        return gateway.put(
                repository + "/documents/" + document, text.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
    }

    private static List<String> found(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> documents = new ArrayList<>();
        for (JsonNode hit : answer.json().get("hits")) {
            documents.add(hit.get("document_id").asString());
        }
        return documents;
    }

    private static List<String> found(TestGateway at, String repository, String query) {
        return found(at.get(repository + "/search?" + query));
    }

    @Test
    void aRepositoryIsMadeOnceAndStaysWhatItIs() {
        String path = withModel();
        String same = "{\"language\":\"english\",\"model\":\"" + MODEL + "\",\"max_chunk_tokens\":100}";
        Answer again = other.send("PUT", path, same, "Content-Type", "application/json");
        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.json().get("max_chunk_tokens").asInt()).isEqualTo(100);
        assertThat(other.get(path).json()).isEqualTo(again.json());
        Answer otherwise = other.send("PUT", path, "{}", "Content-Type", "application/json");
        assertThat(otherwise.status()).isEqualTo(409);
        assertThat(otherwise.text("code")).isEqualTo("repository_is_otherwise");
        assertThat(other.get("/v1/repositories").body()).contains(path.substring(path.lastIndexOf('/') + 1));
        assertThat(other.get("/v1/repositories?workspace=elsewhere").body()).isEqualTo("{\"repositories\":[]}");
        assertThat(other.get(path + "?workspace=elsewhere").status()).isEqualTo(404);
    }

    @Test
    void whatOneGatewayStoredIsFoundAtAnotherAtOnce() {
        String path = withModel();
        Answer stored = put(path, "guides/kettle.md", MARKDOWN, "# The kettle\n\nBoils water within two minutes.");
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        assertThat(stored.text("title")).isEqualTo("The kettle");
        assertThat(stored.text("status")).isEqualTo("created");
        put(path, "garden.txt", "text/plain", "Roses need sun.");

        for (String mode : List.of("keyword", "vector", "hybrid")) {
            Answer answer = other.get(path + "/search?q=water+kettle&limit=1&mode=" + mode);
            assertThat(found(answer)).as(mode).containsExactly("guides/kettle.md");
            JsonNode hit = answer.json().get("hits").get(0);
            assertThat(hit.get("document_version").asLong())
                    .isEqualTo(stored.json().get("version").asLong());
            assertThat(hit.get("headings").get(0).asString()).isEqualTo("The kettle");
            assertThat(hit.get("score").asDouble()).isBetween(0.0, 1.0);
            assertThat(answer.text("mode")).isEqualTo(mode);
        }
        assertThat(other.get(path + "/search?q=sun").text("mode")).isEqualTo("hybrid");
    }

    @Test
    void theSameAgainChangesNothing() {
        String path = withModel();
        Answer first = put(path, "a", MARKDOWN, "One kettle.");
        Answer again = put(path, "a", MARKDOWN, "One kettle.");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("status")).isEqualTo("unchanged");
        assertThat(again.json().get("version")).isEqualTo(first.json().get("version"));
        assertThat(again.json().get("digest")).isEqualTo(first.json().get("digest"));
        Answer changed = put(path, "a", MARKDOWN, "Two kettles.");
        assertThat(changed.text("status")).isEqualTo("replaced");
        assertThat(changed.json().get("version").asLong())
                .isGreaterThan(first.json().get("version").asLong());
        assertThat(put(path, "a", "text/plain", "Two kettles.").text("status")).isEqualTo("replaced");
        assertThat(gateway.put(
                                path + "/documents/a?title=Kettles",
                                "Two kettles.".getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "text/plain")
                        .text("title"))
                .isEqualTo("Kettles");
    }

    @Test
    void eachVersionIsAnsweredAtEachGatewayAlike() {
        String path = withModel();
        long first = put(path, "a", MARKDOWN, "kettle").json().get("version").asLong();
        long second =
                put(path, "b", MARKDOWN, "kettle and pot").json().get("version").asLong();
        long third = gateway.send("DELETE", path + "/documents/a", "")
                .json()
                .get("version")
                .asLong();
        for (TestGateway at : List.of(gateway, other)) {
            assertThat(found(at, path, "q=kettle&version=" + first)).containsExactly("a");
            assertThat(found(at, path, "q=kettle&version=" + second)).containsExactlyInAnyOrder("a", "b");
            assertThat(found(at, path, "q=kettle&version=" + third)).containsExactly("b");
            assertThat(found(at, path, "q=kettle")).containsExactly("b");
        }
        assertThat(gateway.get(path + "/search?q=kettle&version=" + second).json())
                .isEqualTo(
                        other.get(path + "/search?q=kettle&version=" + second).json());
        assertThat(other.get(path + "/documents?version=" + first).body())
                .contains("\"a\"")
                .doesNotContain("\"b\"");
        assertThat(gateway.send("DELETE", path + "/documents/a", "").status()).isEqualTo(404);
        Answer future = other.get(path + "/search?q=kettle&version=" + Long.MAX_VALUE / 2);
        assertThat(future.status()).isEqualTo(503);
        assertThat(future.text("code")).isEqualTo("repository_behind");
        assertThat(future.header("retry-after")).isPresent();
    }

    @Test
    void manyDocumentsComeAsLines() {
        String path = withModel();
        put(path, "there", "text/plain", "Here before.");
        String lines = """
                {"id":"there","text":"Here before."}

                {"id":"x/1","title":"First","content_type":"text/markdown","text":"# Other\\n\\nkettle"}
                {"id":"empty","text":"  "}
                {"id":"x/2","text":"pot"}
                {"id":"x/2","text":"pot"}
                {"id":"x/2","text":"two pots"}
                """;
        Answer answer = gateway.send("POST", path + "/documents", lines, "Content-Type", "application/x-ndjson");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> statuses = new ArrayList<>();
        answer.json()
                .get("documents")
                .forEach(it -> statuses.add(it.get("status").asString()));
        assertThat(statuses).containsExactly("unchanged", "created", "refused", "created", "unchanged", "replaced");
        assertThat(answer.json().get("documents").get(2).get("code").asString()).isEqualTo("document_has_no_text");
        assertThat(found(
                        other,
                        path,
                        "q=kettle&mode=keyword&version="
                                + answer.json().get("version").asLong()))
                .containsExactly("x/1");

        Answer page = other.get(path + "/documents?limit=2");
        assertThat(page.json().get("documents").get(1).get("document_id").asString())
                .isEqualTo("x/1");
        assertThat(page.text("next_after")).isEqualTo("x/1");
        Answer last = other.get(path + "/documents?limit=2&after=x/1");
        assertThat(last.json().get("documents")).hasSize(1);
        assertThat(last.json().get("next_after").isNull()).isTrue();
    }

    @Test
    void aLineThatIsNoneRefusesAllWithItsNumber() {
        String path = withModel();
        for (String bad : List.of(
                "{",
                "[]",
                "{\"id\":\"b\"}",
                "{\"id\":\"../b\",\"text\":\"x\"}",
                "{\"id\":\"b\",\"text\":\"x\",\"y\":1}")) {
            Answer answer = gateway.send(
                    "POST",
                    path + "/documents",
                    "{\"id\":\"a\",\"text\":\"kettle\"}\n" + bad,
                    "Content-Type",
                    "application/x-ndjson");
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.text("field")).startsWith("line 2");
        }
        assertThat(found(gateway, path, "q=kettle")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, ' ', 422, document_has_no_text",
        "application/pdf, no pdf, 422, document_malformed",
        "application/json, {}, 415, unsupported_media_type"
    })
    void whatCannotBeTakenIsRefusedWithItsReason(String type, String text, int status, String code) {
        Answer answer = put(withModel(), "a", type, text);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
    }

    /** A record of some megabytes is taken by broker, producer and reader; above the bound the document is refused. */
    @Test
    void aLongDocumentIsOneRecordOrRefused() {
        String path = made("{\"max_chunk_tokens\":2000}");
        StringBuilder text = new StringBuilder();
        Random random = new Random(7);
        while (text.length() < 3_000_000) {
            for (int i = 0; i < 7; i++) {
                text.append((char) ('\u00e0' + random.nextInt(22)));
            }
            text.append(text.length() % 100 < 8 ? " kettle " : " ");
        }
        Answer stored = putToOther(path, "long", text.toString());
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        assertThat(found(other, path, "q=kettle&limit=1")).containsExactly("long");
        Answer refused = putToOther(path, "longer", "\u00e4".repeat(4_194_000));
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.text("code")).isEqualTo("document_too_long");
    }

    private static Answer putToOther(String repository, String document, String text) {
        return other.put(
                repository + "/documents/" + document,
                text.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "text/plain");
    }

    @Test
    void badNamesAndSizesAreRefused() {
        String path = withModel();
        assertThat(put(path, "a", "text/plain", "x".repeat(65 * 1024)).status()).isEqualTo(413);
        for (String bad : List.of(".hidden", "a//b", "a/", "a%20b", "x".repeat(201))) {
            Answer answer = put(path, bad, "text/plain", "x");
            assertThat(answer.status()).as(bad).isIn(400, 404);
        }
        Answer unknown = put("/v1/repositories/nix", "a", "text/plain", "x");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("code")).isEqualTo("unknown_repository");
        for (String bad :
                List.of("q=+", "mode=keyword", "q=a&mode=fast", "q=a&limit=51", "q=a&version=-1", "q=a&x=1")) {
            assertThat(gateway.get(path + "/search?" + bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(gateway.get(path + "/search?q=" + "a".repeat(Question.MAX_CHARACTERS + 1))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void withoutAModelThereIsKeywordAlone() {
        String path = made("{\"language\":\"german\"}");
        put(path, "a", "text/plain", "Die H\u00e4user am See.");
        Answer answer = other.get(path + "/search?q=Haus");
        assertThat(found(answer)).containsExactly("a");
        assertThat(answer.text("mode")).isEqualTo("keyword");
        for (String mode : List.of("vector", "hybrid")) {
            Answer refused = other.get(path + "/search?q=Haus&mode=" + mode);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text("code")).isEqualTo("repository_without_model");
        }
        Answer unknown = gateway.send("PUT", path + "-b", "{\"model\":\"gpt\"}", "Content-Type", "application/json");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.body()).contains("unknown_embedding_model", MODEL);
    }

    @Test
    void aDeletedRepositoryIsGoneAndTheNextOfItsNameIsEmpty() throws IOException {
        String path = made("{}");
        put(path, "a", "text/plain", "kettle");
        assertThat(found(gateway, path, "q=kettle")).containsExactly("a");
        long indexes = indexes();
        assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(204);
        assertThat(indexes()).isLessThan(indexes);
        for (TestGateway at : List.of(gateway, other)) {
            assertThat(at.get(path).status()).isEqualTo(404);
            assertThat(at.get(path + "/search?q=kettle").status()).isEqualTo(404);
        }
        assertThat(other.send("PUT", path, "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(201);
        assertThat(found(gateway, path, "q=kettle")).isEmpty();
        assertThat(put(path, "a", "text/plain", "kettle").text("status")).isEqualTo("created");
        assertThat(found(other, path, "q=kettle")).containsExactly("a");
    }

    private static long indexes() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("indexes"))) {
            return all.count();
        }
    }

    /** One gateway has room for two indexes; more are opened and closed in turn. */
    @Test
    void moreRepositoriesThanThereIsRoomForAreSearchedInTurn() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            paths.add(made("{}"));
            put(paths.get(i), "d" + i, "text/plain", "kettle");
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(found(other, paths.get(i), "q=kettle")).containsExactly("d" + i);
            }
        }
    }

    /** An index goes on after a restart, and is built anew when it is damaged or gone. */
    @Test
    void anIndexIsBuiltAnewWhenItIsLost() throws IOException {
        String path = made("{}");
        put(path, "a", "text/plain", "kettle");
        put(path, "b", "text/plain", "no more");
        Answer before = gateway.get(path + "/search?q=kettle");
        for (Damage damage : Damage.values()) {
            gateway.close();
            damage.to(folder.resolve("indexes"));
            gateway = first();
            // Files that nobody can make anything of are removed by whoever meets them; the next one builds anew.
            Awaitility.await(damage.name())
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.get(path + "/search?q=kettle").body(), before.body()::equals);
        }
    }

    private enum Damage {
        NONE,
        CUT_OFF,
        REMOVED;

        void to(Path indexes) throws IOException {
            List<Path> files;
            try (Stream<Path> all = Files.walk(indexes)) {
                files = all.filter(Files::isRegularFile).toList();
            }
            for (Path file : files) {
                switch (this) {
                    case NONE -> {}
                    case CUT_OFF -> Files.write(file, new byte[] {1, 2, 3});
                    case REMOVED -> Files.delete(file);
                }
            }
        }
    }

    /** What nobody but a gateway may write is passed over if it is there: it belongs to no repository. */
    @Test
    void recordsThatAreNoneOfTheRepositoryChangeNothing() throws Exception {
        String path = withModel();
        put(path, "a", "text/plain", "kettle");
        RepositoryLog log = gateway.context()
                .getBean(RepositoryCatalogue.class)
                .find(RepositoryNames.workspace(Optional.empty()), path.substring(path.lastIndexOf('/') + 1))
                .orElseThrow()
                .log();
        KafkaRecords records = new KafkaRecords(new EventCodec());
        DocumentPut withoutVector = new DocumentPut(
                "T",
                "text/plain",
                "digest",
                1,
                List.of(new RepositoryChange.StoredChunk(0, List.of(), "kettle", false, Optional.empty())));
        ProducerRecord<byte[], byte[]> forged = records.repositoryChange(
                new RepositoryChange(log.name(), "forged", Instant.EPOCH, withoutVector), TestGateway.PARTITIONS);
        ProducerRecord<byte[], byte[]> deleted = records.repositoryChange(
                new RepositoryChange(log.name(), "a", Instant.EPOCH, new RepositoryChange.DocumentDeleted()),
                TestGateway.PARTITIONS);
        KafkaClients clients = KafkaClients.at(TestKafka.shared().bootstrapServers());
        try (BoundedClient<Producer<byte[], byte[]>> producer =
                BoundedClient.of(clients.producer(new ClientName("test", "forged"), Map.of()))) {
            for (ProducerRecord<byte[], byte[]> record : List.of(
                    forged,
                    with(deleted, "x".getBytes(StandardCharsets.UTF_8), deleted.value()),
                    with(deleted, (log.name() + "/b").getBytes(StandardCharsets.UTF_8), deleted.value()),
                    with(deleted, deleted.key(), new byte[] {0, 0, 0, 0, 24, 1}),
                    with(deleted, deleted.key(), null))) {
                var _ = producer.client().send(record).get();
            }
        }
        for (TestGateway at : List.of(gateway, other)) {
            assertThat(found(at, path, "q=kettle")).containsExactly("a");
        }
    }

    private static ProducerRecord<byte[], byte[]> with(
            ProducerRecord<byte[], byte[]> record, byte[] key, byte @Nullable [] value) {
        return new ProducerRecord<>(Topic.REPOSITORIES.topicName(), record.partition(), key, value);
    }
}
