package io.tailrace.gateway.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Definitions of assistants through HTTP, on a real broker, at two gateways. */
class AssistantsTest {
    private static final String ALL = "/v1/assistants/";

    /** Two prompts, of which the second uses the first. Tests put something else in the place of a part. */
    private static final String DOCUMENT = """
            {"title":"Outline and text",
             "inputs":[{"name":"topic"},{"name":"tone","type":"choice","options":["dry","warm"],"default":"dry"}],
             "prompts":[
               {"id":10,"name":"outline","text":"Outline {{topic}}.","provider":"scripted","model":"scripted-1"},
               {"id":20,"name":"body","text":"Write {{outline}} {{tone}}","provider":"company","system":"About {{topic}}"}],
             "outputs":[{"name":"result","prompt":"body"}]}""";

    private static TestGateway gateway;
    private static TestGateway other;
    private static int names;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("tailrace.gateway.repositories.answer-within=1m");
        other = TestGateway.start("tailrace.gateway.repositories.answer-within=1m");
        ScriptedProviders.record(
                TestKafka.shared().bootstrapServers(),
                "worker",
                ScriptedProviders.scripted(),
                ScriptedProviders.company());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    /** The path of an assistant that no other test has used. */
    private static String path() {
        return ALL + "a" + System.nanoTime() + "-" + names++;
    }

    private static Answer put(TestGateway at, String path, String document) {
        return at.send("PUT", path, document, "Content-Type", "application/json");
    }

    private static String stored() {
        String path = path();
        Answer answer = put(gateway, path, DOCUMENT);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return path;
    }

    private static String with(String part, String otherPart) {
        assertThat(DOCUMENT).contains(part);
        return DOCUMENT.replace(part, otherPart);
    }

    @Test
    void anAssistantIsStoredOnceAndSeenAtEachGatewayAtOnce() {
        String path = path();
        Answer made = put(gateway, path, DOCUMENT);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.json().get("warnings")).isEmpty();
        assertThat(made.json().get("version").asInt()).isEqualTo(1);
        Answer shown = other.get(path);
        assertThat(shown.json().get("definition").get("title").asString()).isEqualTo("Outline and text");
        assertThat(shown.text("created_at")).isEqualTo(made.text("created_at"));
        Answer again = put(other, path, DOCUMENT.replace("\n", " "));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("version").asInt()).isEqualTo(1);
        JsonNode listed = other.get("/v1/assistants").json().get("assistants");
        String name = path.substring(ALL.length());
        List<String> rows = new ArrayList<>();
        listed.forEach(it -> rows.add(it.get("name").asString() + " " + it.get("version") + " " + it.get("prompts")
                + " " + it.get("title").asString()));
        assertThat(rows).contains(name + " 1 2 Outline and text");
        assertThat(other.get("/v1/assistants?workspace=elsewhere").body()).isEqualTo("{\"assistants\":[]}");
        assertThat(other.get(path + "?workspace=elsewhere").status()).isEqualTo(404);
    }

    @Test
    void eachChangeIsAVersionAndAnEarlierOneStays() {
        String path = stored();
        Answer changed = put(other, path, with("Outline {{topic}}.", "Sketch {{topic}}."));
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(changed.json().get("version").asInt()).isEqualTo(2);
        assertThat(gateway.get(path).body()).contains("Sketch");
        assertThat(gateway.get(path + "@2").body()).contains("Sketch");
        assertThat(gateway.get(path + "@1").body()).contains("Outline {{topic}}");
        assertThat(gateway.get(path + "@3").status()).isEqualTo(404);
        assertThat(put(gateway, path, DOCUMENT).json().get("version").asInt()).isEqualTo(3);
    }

    @Test
    void aDeletedAssistantIsGoneInAllVersionsAndItsNumbersAreNotUsedAgain() {
        String path = stored();
        put(gateway, path, with("Outline {{topic}}.", "Sketch {{topic}}."));
        assertThat(other.send("DELETE", path, "").status()).isEqualTo(204);
        for (TestGateway at : List.of(gateway, other)) {
            for (String gone : List.of(path, path + "@1", path + "@2", path + "@3")) {
                assertThat(at.get(gone).status()).as(gone).isEqualTo(404);
            }
            assertThat(at.send("DELETE", path, "").status()).isEqualTo(404);
            assertThat(at.get("/v1/assistants").body()).doesNotContain(path.substring(ALL.length()));
        }
        Answer anew = put(gateway, path, DOCUMENT);
        assertThat(anew.status()).isEqualTo(201);
        assertThat(anew.json().get("version").asInt()).isEqualTo(4);
        assertThat(other.get(path + "@1").status()).isEqualTo(404);
        assertThat(other.get(path + "@4").status()).isEqualTo(200);
    }

    /** Whatever was answered as stored under a number stays there, though both gateways give numbers. */
    @Test
    void twoGatewaysThatWriteAtOnceLoseNoVersion() throws Exception {
        String path = path();
        Map<Integer, String> answered = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                TestGateway at = i % 2 == 0 ? gateway : other;
                String document = with("Outline {{topic}}.", "Number " + i + " {{topic}}.");
                answers.add(threads.submit(() -> put(at, path, document)));
            }
            for (int i = 0; i < answers.size(); i++) {
                Answer answer = answers.get(i).get();
                if (answer.status() == 503) {
                    assertThat(answer.text("code")).isEqualTo("assistant_changed");
                } else {
                    assertThat(answer.status()).as(answer.body()).isIn(200, 201);
                    assertThat(answered.put(answer.json().get("version").asInt(), "Number " + i + " "))
                            .isNull();
                }
            }
        }
        assertThat(answered).hasSizeGreaterThan(12);
        try (TestGateway later = TestGateway.start()) {
            for (TestGateway at : List.of(gateway, other, later)) {
                answered.forEach((version, text) ->
                        assertThat(at.get(path + "@" + version).body()).contains(text));
            }
        }
    }

    /** A gateway that lost a number and died leaves its record as the last of its key, the one that the log keeps. */
    @Test
    void aRecordThatCameSecondDoesNotCountAndIsOvertakenByTheNextChange() throws Exception {
        String path = stored();
        String name = path.substring(ALL.length());
        Definition second = Definition.assistant(
                new WorkspaceId("local"),
                name,
                Instant.EPOCH,
                new AssistantDefinition(1, Optional.of(with("Outline {{topic}}.", "Second {{topic}}."))));
        KafkaClients clients = KafkaClients.at(TestKafka.shared().bootstrapServers());
        try (BoundedClient<Producer<byte[], byte[]>> producer =
                BoundedClient.of(clients.producer(new ClientName("test", "second"), Map.of()))) {
            var _ = producer.client()
                    .send(new KafkaRecords(new EventCodec()).definition(second))
                    .get();
        }
        AssistantCatalogue catalogue = other.context().getBean(AssistantCatalogue.class);
        assertThat(other.get(path).body()).contains("Outline {{topic}}");
        assertThat(catalogue.contested(new WorkspaceId("local"), name)).hasSize(1);
        put(gateway, path, with("Outline {{topic}}.", "Third {{topic}}."));
        assertThat(other.get(path + "@1").body()).contains("Outline {{topic}}");
        assertThat(other.get(path + "@2").body()).contains("Third {{topic}}");
        assertThat(catalogue.contested(new WorkspaceId("local"), name)).isEmpty();
        assertThat(catalogue
                        .find(new WorkspaceId("local"), name, OptionalInt.empty())
                        .orElseThrow()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aGatewayThatStartsLaterKnowsThemFromTheLog() {
        String path = stored();
        put(gateway, path, with("Outline {{topic}}.", "Sketch {{topic}}."));
        String gone = stored();
        gateway.send("DELETE", gone, "");
        try (TestGateway later = TestGateway.start()) {
            assertThat(later.get(path).json()).isEqualTo(gateway.get(path).json());
            assertThat(later.get(path + "@1").json())
                    .isEqualTo(gateway.get(path + "@1").json());
            assertThat(later.get(gone).status()).isEqualTo(404);
            assertThat(put(later, gone, DOCUMENT).json().get("version").asInt()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "Outline {{topic}}. | Outline {{nobody}}. | prompts[0].text | unknown_variable",
                "About {{topic}} | About {{nobody}} | prompts[1].system | unknown_variable",
                "Outline {{topic}}. | Outline {{outline}}. | prompts[0].text | circular_reference",
                "Outline {{topic}}. | Outline {{body}}. | prompts[0].text | circular_reference",
                "Write {{outline}} | Write {{body}} | prompts[1].text | circular_reference",
                "Outline {{topic}}. | Outline {{topic}. | prompts[0].text | malformed_variable",
                "About {{topic}} | {{ about topic }} | prompts[1].system | malformed_variable",
                "\"id\":20 | \"id\":10 | prompts[1].id | duplicate_id",
                "\"name\":\"body\",\"text\":\"Write {{outline}} | \"name\":\"outline\",\"text\":\"Write | prompts[1].name | duplicate_name",
                "\"name\":\"tone\" | \"name\":\"topic\" | inputs[1].name | duplicate_name",
                "\"name\":\"tone\" | \"name\":\"body\" | prompts[1].name | name_collision",
                "\"provider\":\"scripted\" | \"provider\":\"nobody\" | prompts[0].provider | unknown_provider",
                "\"model\":\"scripted-1\" | \"model\":\"scripted-9\" | prompts[0].model | unknown_model",
                ",\"model\":\"scripted-1\" | $$ | prompts[0].model | missing_field",
                "\"system\": | \"script\":{\"text\":[\"a\"]},\"system\": | prompts[1].script | conflicting_fields",
                "\"system\": | \"knowledge\":{\"repositories\":[{\"id\":1,\"repository\":\"nix\"}]},\"system\": | prompts[1].knowledge.repositories[0].repository | unknown_repository",
                "\"system\": | \"knowledge\":{\"repositories\":[]},\"system\": | prompts[1].knowledge.repositories | missing_field",
                "\"system\": | \"knowledge\":{\"repositories\":[{\"id\":1,\"repository\":\"x/y\"}]},\"system\": | prompts[1].knowledge.repositories[0].repository | invalid_value",
                "\"default\":\"dry\" | \"default\":\"loud\" | inputs[1].default | not_an_option",
                "{\"name\":\"topic\"} | {\"name\":\"topic\",\"type\":\"integer\",\"default\":\"7\"} | inputs[0].default | wrong_type",
                "\"options\":[\"dry\",\"warm\"], | $$ | inputs[1].options | missing_field",
                "\"type\":\"choice\" | \"type\":\"text\" | inputs[1].options | conflicting_fields",
                "\"prompt\":\"body\" | \"prompt\":\"nobody\" | outputs[0].prompt | unknown_prompt",
                "\"name\":\"outline\" | \"name\":\"Outline\" | prompts[0].name | invalid_value",
                "\"id\":10 | \"id\":\"10\" | prompts[0].id | wrong_type",
                "\"id\":10, | $$ | prompts[0].id | missing_field",
                "\"name\":\"topic\" | \"name\":\"1topic\" | inputs[0].name | invalid_value",
                "\"type\":\"choice\" | \"type\":\"date\" | inputs[1].type | invalid_value",
                "\"system\": | \"sistem\": | prompts[1].sistem | unknown_field"
            })
    void whatIsWrongIsFoundWithItsPath(String part, String otherPart, String path, String code) {
        Answer answer = put(gateway, path(), with(part, otherPart));
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("invalid_assistant");
        assertThat(errors(answer)).contains(path + " " + code);
        answer.json()
                .get("errors")
                .forEach(it -> assertThat(it.get("detail").asString()).isNotBlank());
    }

    private static List<String> errors(Answer answer) {
        return findings(answer, "errors");
    }

    private static List<String> findings(Answer answer, String member) {
        List<String> found = new ArrayList<>();
        answer.json()
                .get(member)
                .forEach(it -> found.add(
                        it.get("path").asString() + " " + it.get("code").asString()));
        return found;
    }

    @Test
    void aReferenceToALaterPromptThatGoesInNoCircleIsNamedAsOne() {
        String document = """
                {"prompts":[{"id":1,"name":"a","text":"{{b}}","provider":"company"},
                            {"id":2,"name":"b","text":"b","provider":"company"}]}""";
        assertThat(errors(put(gateway, path(), document))).containsExactly("prompts[0].text forward_reference");
    }

    @Test
    void allThatIsWrongIsInOneAnswer() {
        String document = """
                {"title":7,
                 "inputs":[{"name":"x","type":"choice"},{"name":"x"},{"nom":"y"}],
                 "prompts":[{"id":1,"name":"a","text":"{{b}} {{x}} {{","provider":"nobody","system":"{{gone}}"},
                            {"id":1,"name":"b","text":" ","provider":"COMPANY","generation":{"temperature":9}},
                            7],
                 "outputs":[{"name":"o","prompt":"z"},{"name":"o","prompt":"a"}]}""";
        Answer answer = put(gateway, path(), document);
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(errors(answer))
                .containsExactlyInAnyOrder(
                        "title wrong_type",
                        "inputs[0].options missing_field",
                        "inputs[1].name duplicate_name",
                        "inputs[2].nom unknown_field",
                        "prompts[0].text malformed_variable",
                        "prompts[0].text forward_reference",
                        "prompts[0].system unknown_variable",
                        "prompts[0].provider unknown_provider",
                        "prompts[1].id duplicate_id",
                        "prompts[1].text invalid_value",
                        "prompts[1].provider invalid_value",
                        "prompts[1].generation.temperature out_of_range",
                        "prompts[2] wrong_type",
                        "outputs[0].prompt unknown_prompt",
                        "outputs[1].name duplicate_name");
        assertThat(answer.text("field"))
                .isEqualTo(answer.json().at("/errors/0/path").asString());
    }

    @Test
    void aSearchByVectorNeedsRepositoriesWithVectors() {
        gateway.send("PUT", "/v1/repositories/plain", "{}", "Content-Type", "application/json");
        for (String type : List.of("vector", "hybrid")) {
            String knowledge =
                    "\"knowledge\":{\"repositories\":[{\"id\":7,\"repository\":\"plain\"}],\"search_type\":\"" + type
                            + "\"},\"system\":";
            assertThat(errors(put(other, path(), with("\"system\":", knowledge))))
                    .containsExactly("prompts[1].knowledge.search_type repository_without_model");
            Answer taken = put(other, path(), with("\"system\":", knowledge.replace(type, "keyword")));
            assertThat(taken.status()).as(taken.body()).isEqualTo(201);
        }
    }

    @Test
    void whatIsOddAndRunsIsAWarning() {
        Answer answer = put(
                gateway,
                path(),
                with("Write {{outline}} {{tone}}", "Write")
                        .replace("{\"name\":\"topic\"}", "{\"name\":\"topic\"},{\"name\":\"more\"}"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(findings(answer, "warnings"))
                .containsExactlyInAnyOrder(
                        "inputs[1] unused_input", "inputs[2] unused_input", "prompts[0] unused_answer");
    }

    @Test
    void whileNoProvidersAreKnownTheyAreNotChecked(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                TestGateway alone = TestGateway.startOn(broker.bootstrapServers())) {
            alone.awaitReady();
            Answer answer = put(alone, path(), DOCUMENT);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            assertThat(findings(answer, "warnings")).containsExactly(" providers_unknown");
        }
    }

    @Test
    void whatIsNoDefinitionAtAllIsRefusedAsAnyOtherBody() {
        for (String bad : List.of("{", "[]", "7", "{\"prompt\":[]}")) {
            assertThat(put(gateway, path(), bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(put(gateway, path(), "{}").status()).isEqualTo(422);
        assertThat(put(gateway, path(), "{\"prompts\":[]}").status()).isEqualTo(422);
        assertThat(put(gateway, path(), " ".repeat(257 * 1024)).status()).isEqualTo(413);
        for (String bad : List.of("-a", "a@0", "a@x", "a%20b", "a".repeat(65))) {
            assertThat(gateway.get(ALL + bad).text("code")).as(bad).isEqualTo("malformed_assistant_name");
        }
        assertThat(put(gateway, ALL + "a@1", DOCUMENT).status()).isEqualTo(400);
        assertThat(gateway.send("DELETE", ALL + "a@1", "").status()).isEqualTo(400);
    }

    @Test
    void aCheckSaysWhatWouldBeAskedAndWritesNothing() {
        String path = stored();
        Answer open = gateway.send("POST", path + "/check", "");
        assertThat(open.status()).as(open.body()).isEqualTo(200);
        assertThat(open.json().get("valid").asBoolean()).isFalse();
        assertThat(open.json().get("missing_inputs").get(0).asString()).isEqualTo("topic");
        assertThat(open.json().at("/prompts/0/text").asString()).isEqualTo("Outline {{topic}}.");
        Answer filled = other.post(path + "/check", "{\"inputs\":{\"topic\":\"{{tone}}\",\"tone\":\"warm\"}}");
        assertThat(filled.json().get("valid").asBoolean()).as(filled.body()).isTrue();
        assertThat(filled.json().at("/prompts/0/text").asString()).isEqualTo("Outline {{tone}}.");
        assertThat(filled.json().at("/prompts/1/text").asString()).isEqualTo("Write {{outline}} warm");
        assertThat(filled.json().at("/prompts/1/system").asString()).isEqualTo("About {{tone}}");
        assertThat(filled.json().at("/prompts/0/estimated_tokens").asInt()).isBetween(3, 12);
        Answer wrong = gateway.post(path + "/check", "{\"inputs\":{\"topic\":7,\"x\":1}}");
        assertThat(errors(wrong)).containsExactlyInAnyOrder("inputs.topic wrong_type", "inputs.x unknown_input");
        assertThat(gateway.post(path + "/check", "{\"inputs\":[]}").status()).isEqualTo(400);
        assertThat(gateway.get(path).json().get("version").asInt()).isEqualTo(1);
    }

    /** What an assistant needs can go after it was stored. */
    @Test
    void aCheckSaysWhatHasGone() {
        String repository = "/v1/repositories/r" + System.nanoTime();
        gateway.send("PUT", repository, "{}", "Content-Type", "application/json");
        String path = path();
        String document = with(
                "\"system\":",
                "\"knowledge\":{\"repositories\":[{\"id\":7,\"repository\":\""
                        + repository.substring(repository.lastIndexOf('/') + 1) + "\"}]},\"system\":");
        assertThat(put(gateway, path, document).status()).isEqualTo(201);
        gateway.send("DELETE", repository, "");
        Answer checked = other.send("POST", path + "/check", "");
        assertThat(errors(checked))
                .containsExactly("prompts[1].knowledge.repositories[0].repository unknown_repository");
        assertThat(checked.json().get("prompts")).isEmpty();
    }
}
