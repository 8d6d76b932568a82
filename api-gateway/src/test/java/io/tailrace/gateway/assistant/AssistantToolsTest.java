package io.tailrace.gateway.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tools and caches in definitions of assistants, through HTTP, on a real broker. */
class AssistantToolsTest {
    private static final String GET = "{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}";

    private static TestGateway gateway;
    private static int names;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("tailrace.gateway.repositories.answer-within=1m");
        ScriptedProviders.record(
                TestKafka.shared().bootstrapServers(),
                "worker",
                ScriptedProviders.scripted(),
                ScriptedProviders.company());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String path() {
        return "/v1/assistants/t" + System.nanoTime() + "-" + names++;
    }

    private static Answer put(String path, String model, String fields) {
        String document = "{\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\"Hello?\"," + model + "," + fields + "}]}";
        return gateway.send("PUT", path, document, "Content-Type", "application/json");
    }

    private static Answer put(String fields) {
        return put(path(), "\"provider\":\"scripted\",\"model\":\"scripted-1\"", fields);
    }

    private static List<String> findings(Answer answer, String member) {
        List<String> found = new ArrayList<>();
        answer.json()
                .get(member)
                .forEach(it -> found.add(
                        it.get("path").asString() + " " + it.get("code").asString()));
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "\"tools\":[] | prompts[0].tools | empty_list",
                "\"tools\":{} | prompts[0].tools | wrong_type",
                "\"tools\":[7] | prompts[0].tools[0] | wrong_type",
                "\"tools\":[{\"hosts\":[\"a.example\"]}] | prompts[0].tools[0].type | missing_field",
                "\"tools\":[{\"type\":\"shell\"}] | prompts[0].tools[0].type | unknown_tool",
                "\"tools\":[{\"type\":7}] | prompts[0].tools[0].type | wrong_type",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"],\"url\":\"x\"}] | prompts[0].tools[0].url | unknown_field",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"],\"repositories\":[]}] | prompts[0].tools[0].repositories | unknown_field",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"}],\"idempotent\":true}] | prompts[0].tools[0].idempotent | unknown_field",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]},{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}] | prompts[0].tools[1].name | duplicate_name",
                "\"tools\":[{\"type\":\"http_get\",\"name\":\"1a\",\"hosts\":[\"a.example\"]}] | prompts[0].tools[0].name | invalid_value",
                "\"tools\":[{\"type\":\"http_get\",\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"hosts\":[\"a.example\"]}] | prompts[0].tools[0].name | invalid_value",
                "\"tools\":[{\"type\":\"http_get\"}] | prompts[0].tools[0].hosts | missing_field",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[]}] | prompts[0].tools[0].hosts | empty_list",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"b.example\",7]}] | prompts[0].tools[0].hosts[1] | wrong_type",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"b.example\",\"b.example\"]}] | prompts[0].tools[0].hosts[1] | duplicate_name",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"],\"idempotent\":\"yes\"}] | prompts[0].tools[0].idempotent | wrong_type",
                "\"tools\":[{\"type\":\"search\"}] | prompts[0].tools[0].repositories | missing_field",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"}]}] | prompts[0].tools[0].repositories[0].repository | unknown_repository",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"x/y\"}]}] | prompts[0].tools[0].repositories[0].repository | invalid_value",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"},{\"id\":2,\"repository\":\"nix\"}]}] | prompts[0].tools[0].repositories[1].repository | duplicate_name",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"},{\"id\":1,\"repository\":\"nax\"}]}] | prompts[0].tools[0].repositories[1].id | duplicate_id",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"}],\"search_type\":\"fuzzy\"}] | prompts[0].tools[0].search_type | invalid_value",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"}],\"max_chunks\":51}] | prompts[0].tools[0].max_chunks | out_of_range",
                "\"tools\":[{\"type\":\"search\",\"repositories\":[{\"id\":1,\"repository\":\"nix\"}],\"max_tokens\":0}] | prompts[0].tools[0].max_tokens | out_of_range",
                "\"tool_limits\":{} | prompts[0].tool_limits | conflicting_fields",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":7 | prompts[0].tool_limits | wrong_type",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":{\"max_turns\":1} | prompts[0].tool_limits.max_turns | unknown_field",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":{\"max_rounds\":51} | prompts[0].tool_limits.max_rounds | out_of_range",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":{\"max_calls\":0} | prompts[0].tool_limits.max_calls | out_of_range",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":{\"timeout_ms\":300001} | prompts[0].tool_limits.timeout_ms | out_of_range",
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"]}],\"tool_limits\":{\"max_result_bytes\":131073} | prompts[0].tool_limits.max_result_bytes | out_of_range",
                "\"cache\":{} | prompts[0].cache.ttl_ms | missing_field",
                "\"cache\":true | prompts[0].cache | wrong_type",
                "\"cache\":{\"ttl_ms\":0} | prompts[0].cache.ttl_ms | out_of_range",
                "\"cache\":{\"ttl_ms\":604800001} | prompts[0].cache.ttl_ms | out_of_range",
                "\"cache\":{\"ttl\":1} | prompts[0].cache.ttl | unknown_field"
            })
    void whatIsWrongIsFoundWithItsPath(String fields, String path, String code) {
        Answer answer = put(fields);
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("invalid_assistant");
        assertThat(findings(answer, "errors")).contains(path + " " + code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example",
                "a.example/x",
                "A.example",
                "a..example",
                ".example",
                "a.example.",
                "*",
                "*.",
                "a.*.example",
                "**.example",
                "-a.example",
                "a-.example",
                "a_b.example",
                "a.example:",
                "a.example:0",
                "a.example:65536",
                "a.example:x",
                "a.example:80:80",
                "user@a.example",
                "[::1]",
                "a b",
                " a.example",
                "a.example\\n",
                "",
                "r\u00e4t.example"
            })
    void whatIsNoHostIsRefused(String host) {
        assertThat(findings(put("\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"" + host + "\"]}]"), "errors"))
                .containsExactly("prompts[0].tools[0].hosts[0] invalid_value");
    }

    @Test
    void hostsMayHaveAWildcardAndAPortAndAsManyLettersAsTheDnsTakes() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "a".repeat(61));
        Answer taken = put(
                "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"localhost\",\"*.a.example\",\"a-1.example:65535\",\"10.0.0.1:1\",\""
                        + longest + "\"]}]");
        assertThat(taken.status()).as(taken.body()).isEqualTo(201);
        for (String host : List.of(longest + "a", "a".repeat(64) + ".example", "a".repeat(60_000))) {
            assertThat(findings(put("\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"" + host + "\"]}]"), "errors"))
                    .containsExactly("prompts[0].tools[0].hosts[0] invalid_value");
        }
    }

    private static String many(int count, String format) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(","));
    }

    @Test
    void listsNamesAndTextsHaveTheirLengths() {
        String tool = "{\"type\":\"http_get\",\"name\":\"t%d\",\"hosts\":[\"a.example\"]}";
        assertThat(put("\"tools\":[" + many(20, tool) + "]").status()).isEqualTo(201);
        assertThat(findings(put("\"tools\":[" + many(21, tool) + "]"), "errors"))
                .containsExactly("prompts[0].tools too_many");
        String hosts = "\"tools\":[{\"type\":\"http_get\",\"hosts\":[%s]}]";
        assertThat(put(hosts.formatted(many(20, "\"a%d.example\""))).status()).isEqualTo(201);
        assertThat(findings(put(hosts.formatted(many(21, "\"a%d.example\""))), "errors"))
                .containsExactly("prompts[0].tools[0].hosts too_many");
        String named = "\"tools\":[{\"type\":\"http_get\",\"hosts\":[\"a.example\"],\"%s\":\"%s\"}]";
        assertThat(put(named.formatted("name", "a".repeat(64))).status()).isEqualTo(201);
        assertThat(findings(put(named.formatted("name", "a".repeat(65))), "errors"))
                .containsExactly("prompts[0].tools[0].name invalid_value");
        assertThat(put(named.formatted("description", "a".repeat(1000))).status())
                .isEqualTo(201);
        assertThat(findings(put(named.formatted("description", "a".repeat(1001))), "errors"))
                .containsExactly("prompts[0].tools[0].description too_long");
    }

    @Test
    void allThatIsWrongIsInOneAnswer() {
        Answer answer = put("""
                "tools":[{"type":"http_get","hosts":["A.example","b"],"name":"-"},
                         {"type":"search","name":"b","repositories":[{"id":1,"repository":"nix"},7],"max_tokens":0},
                         {"type":"shell"},
                         {"type":"http_get","name":"b","hosts":["b"],"idempotent":7}],
                "tool_limits":{"max_rounds":0,"max_calls":201},
                "cache":{"ttl_ms":"1"}""");
        assertThat(findings(answer, "errors"))
                .containsExactlyInAnyOrder(
                        "prompts[0].tools[0].hosts[0] invalid_value",
                        "prompts[0].tools[0].name invalid_value",
                        "prompts[0].tools[1].repositories[0].repository unknown_repository",
                        "prompts[0].tools[1].repositories[1] wrong_type",
                        "prompts[0].tools[1].max_tokens out_of_range",
                        "prompts[0].tools[2].type unknown_tool",
                        "prompts[0].tools[3].name duplicate_name",
                        "prompts[0].tools[3].idempotent wrong_type",
                        "prompts[0].tool_limits.max_rounds out_of_range",
                        "prompts[0].tool_limits.max_calls out_of_range",
                        "prompts[0].cache.ttl_ms wrong_type");
    }

    @Test
    void aModelThatCallsNoToolsGetsNone() {
        for (String model : List.of("\"provider\":\"company\",\"model\":\"small\"", "\"provider\":\"company\"")) {
            assertThat(findings(put(path(), model, "\"tools\":[" + GET + "]"), "errors"))
                    .containsExactly("prompts[0].model model_without_tools");
            assertThat(put(path(), model, "\"cache\":{\"ttl_ms\":1}").status()).isEqualTo(201);
        }
        assertThat(findings(
                        put(path(), "\"provider\":\"company\",\"model\":\"large\"", "\"tools\":[" + GET + "]"),
                        "errors"))
                .containsExactly("prompts[0].model unknown_model");
    }

    private static String repository() {
        String name = "r" + System.nanoTime() + "-" + names++;
        assertThat(gateway.send("PUT", "/v1/repositories/" + name, "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(201);
        return name;
    }

    private static String search(String repository, String more) {
        return "{\"type\":\"search\",\"repositories\":[{\"id\":7,\"repository\":\"" + repository + "\"}]" + more + "}";
    }

    @Test
    void aSearchByVectorNeedsARepositoryWithVectors() {
        String repository = repository();
        for (String type : List.of("vector", "hybrid")) {
            assertThat(findings(
                            put("\"tools\":[" + GET + "," + search(repository, ",\"search_type\":\"" + type + "\"")
                                    + "]"),
                            "errors"))
                    .containsExactly("prompts[0].tools[1].search_type repository_without_model");
        }
        assertThat(put("\"tools\":[" + search(repository, ",\"search_type\":\"keyword\"") + "]")
                        .status())
                .isEqualTo(201);
    }

    /** A number means one repository in the whole assistant, whoever searches it. */
    @Test
    void aToolAndAPromptMaySearchTheSameRepositoryByTheSameNumberAlone() {
        String repository = repository();
        String knowledge = "\"knowledge\":{\"repositories\":[{\"id\":7,\"repository\":\"%s\"}]},";
        assertThat(put(knowledge.formatted(repository) + "\"tools\":[" + search(repository, "") + "]")
                        .status())
                .isEqualTo(201);
        assertThat(findings(
                        put(knowledge.formatted(repository()) + "\"tools\":[" + search(repository, "") + "]"),
                        "errors"))
                .containsExactly("prompts[0].tools[0].repositories[0].id duplicate_id");
    }

    /** A short name in a definition is a long source in a plan. */
    @Test
    void thereAreOnlySoManyRepositoriesInAllListsTogether() {
        StringBuilder prompts = new StringBuilder();
        String tool = "{\"type\":\"search\",\"name\":\"t%d\",\"repositories\":["
                + many(20, "{\"id\":%1$d,\"repository\":\"r%1$d\"}").replace("%", "%%") + "]}";
        for (int i = 0; i < 3; i++) {
            prompts.append(i == 0 ? "" : ",")
                    .append("{\"id\":" + i + ",\"name\":\"a" + i
                            + "\",\"text\":\"a\",\"provider\":\"scripted\",\"model\":\"scripted-1\",\"tools\":[")
                    .append(many(i == 2 ? 11 : 20, tool))
                    .append("]}");
        }
        Answer answer =
                gateway.send("PUT", path(), "{\"prompts\":[" + prompts + "]}", "Content-Type", "application/json");
        assertThat(findings(answer, "errors")).contains("prompts[2].tools[10].repositories too_many");
        assertThat(findings(answer, "errors")).doesNotContain("prompts[2].tools[9].repositories too_many");
    }

    @Test
    void pagesThatACachedAnswerDoesNotSeeAreAWarning() {
        String cache = "\"cache\":{\"ttl_ms\":604800000}";
        Answer answer = put("\"tools\":[" + GET + "]," + cache);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(findings(answer, "warnings")).containsExactly("prompts[0].cache cached_pages");
        assertThat(findings(put("\"tools\":[" + search(repository(), "") + "]," + cache), "warnings"))
                .isEmpty();
        assertThat(findings(put(cache + ",\"script\":{\"text\":[\"a\"]}"), "warnings"))
                .isEmpty();
    }

    @Test
    void aCheckShowsToolsWithWhatTheirAuthorLeftOpenAndWhatHasGone() {
        String path = path();
        String repository = repository();
        Answer stored = put(
                path,
                "\"provider\":\"scripted\",\"model\":\"scripted-1\"",
                "\"tools\":[" + GET + "," + search(repository, ",\"name\":\"find\",\"description\":\"Rules\"")
                        + "],\"tool_limits\":{\"max_calls\":3},\"cache\":{\"ttl_ms\":60000}");
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        JsonNode prompt =
                gateway.send("POST", path + "/check", "").json().get("prompts").get(0);
        assertThat(prompt.get("tools").toString())
                .isEqualTo(
                        "[{\"type\":\"http_get\",\"name\":\"http_get\",\"hosts\":[\"a.example\"],\"idempotent\":true},"
                                + "{\"type\":\"search\",\"name\":\"find\",\"description\":\"Rules\",\"repositories\":"
                                + prompt.at("/tools/1/repositories") + ",\"max_chunks\":8,\"max_tokens\":2000}]");
        assertThat(prompt.at("/tools/1/repositories/0/repository").asString()).isEqualTo(repository);
        assertThat(prompt.get("tool_limits").toString())
                .isEqualTo("{\"max_rounds\":10,\"max_calls\":3,\"timeout_ms\":30000,\"max_result_bytes\":16384}");
        assertThat(prompt.get("cache").toString()).isEqualTo("{\"ttl_ms\":60000}");
        gateway.send("DELETE", "/v1/repositories/" + repository, "");
        assertThat(findings(gateway.send("POST", path + "/check", ""), "errors"))
                .containsExactly("prompts[0].tools[1].repositories[0].repository unknown_repository");
    }
}
