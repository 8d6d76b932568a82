package io.tailrace.gateway.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the log is told of the tools and caches of an assistant's run. On a real broker; the coordinator is a stand-in. */
class AssistantToolRunsTest {
    /** Three prompts, each of which searches a repository by a tool; the second one may do more. */
    private static final String DOCUMENT = """
            {"prompts":[
               {"id":10,"name":"outline","text":"a","provider":"scripted","model":"scripted-1","cache":{"ttl_ms":60000},
                "tools":[{"type":"search","repositories":[{"id":7,"repository":"REPOSITORY"}]}]},
               {"id":20,"name":"body","text":"{{outline}}","provider":"scripted","model":"scripted-1",
                "cache":{"ttl_ms":60000},
                "tools":[{"type":"http_get","name":"page","description":"Of rivers","hosts":["*.a.example"],"idempotent":false},
                         {"type":"search","name":"find","repositories":[{"id":7,"repository":"REPOSITORY"}],
                          "search_type":"keyword","max_chunks":3,"max_tokens":500}],
                "tool_limits":{"max_rounds":2,"max_calls":3,"timeout_ms":4000,"max_result_bytes":5000}},
               {"id":30,"name":"title","text":"{{body}}","provider":"scripted","model":"scripted-1",
                "tools":[{"type":"search","repositories":[{"id":7,"repository":"REPOSITORY"}]}]}]}""";

    private static TestGateway gateway;
    private static ScriptedCoordinator coordinator;
    private static int names;

    @BeforeAll
    static void start() {
        String brokers = TestKafka.shared().bootstrapServers();
        gateway = TestGateway.start("tailrace.gateway.repositories.answer-within=1m");
        ScriptedProviders.record(brokers, "worker", ScriptedProviders.scripted(), ScriptedProviders.company());
        coordinator = new ScriptedCoordinator(brokers, TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        gateway.close();
    }

    private static String repository(String settings) {
        String name = "n" + System.nanoTime() + "-" + names++;
        assertThat(gateway.send("PUT", "/v1/repositories/" + name, settings, "Content-Type", "application/json")
                        .status())
                .isEqualTo(201);
        return name;
    }

    private static long store(String repository) {
        Answer stored = gateway.put(
                "/v1/repositories/" + repository + "/documents/d" + names++,
                "kettle".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "text/plain");
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        return stored.json().get("version").asLong();
    }

    private static Answer created(String repository) {
        String name = "n" + System.nanoTime() + "-" + names++;
        Answer stored = gateway.send(
                "PUT",
                "/v1/assistants/" + name,
                DOCUMENT.replace("REPOSITORY", repository),
                "Content-Type",
                "application/json");
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        Answer made = gateway.post(
                "/v1/runs", "{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"" + name + "\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made;
    }

    private static RunView view(Answer made) throws InterruptedException {
        return view(made.text("run_id"));
    }

    private static RunView view(String run) throws InterruptedException {
        return gateway.context().getBean(RunDirectory.class).require(new RunId(run));
    }

    private static PromptStep step(RunView run, int index) {
        return (PromptStep) run.plan().steps().get(index);
    }

    private static ToolUse tools(RunView run, int index) {
        return step(run, index).toolUse().orElseThrow();
    }

    private static Retrieval searched(RunView run, int index) {
        return ((Tool.RepositorySearch) tools(run, index).tools().getLast()).retrieval();
    }

    private static long version(RunView run, int index) {
        return searched(run, index).sources().getFirst().version();
    }

    private static Optional<Duration> cache(RunView run, int index) {
        return step(run, index).assistant().flatMap(AssistantPrompt::cacheFor);
    }

    @Test
    void theLogIsToldAllThatTheToolsNeed() throws Exception {
        String repository = repository("{\"model\":\"hashed-words-1\"}");
        long version = store(repository);
        Answer made = created(repository);
        RunView run = view(made);
        ToolUse use = tools(run, 1);
        assertThat(use.tools().getFirst())
                .isEqualTo(new Tool.HttpGet("page", Optional.of("Of rivers"), List.of("*.a.example"), false));
        assertThat(use.named("find")).contains(use.tools().getLast());
        assertThat(searched(run, 1)).isEqualTo(new Retrieval(searched(run, 1).sources(), SearchType.KEYWORD, 3, 500));
        assertThat(new ToolUse(use.tools(), 2, 3, Duration.ofSeconds(4), 5000)).isEqualTo(use);
        assertThat(tools(run, 0)).isEqualTo(ToolUse.of(tools(run, 0).tools()));
        assertThat(tools(run, 0).named("search")).isPresent();
        // As with knowledge: by vectors too, where all repositories have them.
        assertThat(searched(run, 0).searchType()).isEqualTo(SearchType.HYBRID);
        for (int i = 0; i < 3; i++) {
            assertThat(searched(run, i).sources().getFirst().id()).isEqualTo(7);
            assertThat(searched(run, i).sources().getFirst().repository()).isEqualTo(repository);
            assertThat(searched(run, i).sources().getFirst().generation()).isEqualTo(1);
            // The partition is shared with other repositories.
            assertThat(version(run, i)).isGreaterThanOrEqualTo(version);
        }
        assertThat(cache(run, 0)).contains(Duration.ofMinutes(1));
        assertThat(cache(run, 2)).isEmpty();
        assertThat(made.json().at("/steps/1/tools").toString()).isEqualTo("[\"page\",\"find\"]");
    }

    private static String failed(RunView run) {
        coordinator.write(AssistantRunsTest.ended(run, Optional.of(5L)));
        String id = run.runId().value();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + id).text("status"), "failed"::equals);
        return id;
    }

    @Test
    void aRetrySearchesRepositoriesAsTheyAreNowAndKeepsTheRest() throws Exception {
        String repository = repository("{}");
        RunView run = view(created(repository));
        String failed = failed(run);
        long version = store(repository);
        RunView again = view(gateway.post("/v1/runs/" + failed + "/retry", "{}"));
        assertThat(version(run, 1)).isLessThan(version);
        assertThat(version(again, 1)).isGreaterThanOrEqualTo(version);
        assertThat(version(again, 2)).isGreaterThanOrEqualTo(version);
        // Its answer is taken: nothing is searched for it.
        assertThat(step(again, 0).assistant().orElseThrow().reused()).isPresent();
        assertThat(tools(again, 0)).isEqualTo(tools(run, 0));
        assertThat(tools(again, 1).tools().getFirst())
                .isEqualTo(tools(run, 1).tools().getFirst());
        assertThat(tools(again, 1).named("find")).isPresent();
        assertThat(tools(again, 1).maxCalls()).isEqualTo(3);
        assertThat(tools(again, 1).timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(cache(again, 1)).contains(Duration.ofMinutes(1));
    }

    @Test
    void fromTheStartNoAnswerIsTakenFromACache() throws Exception {
        String failed = failed(view(created(repository("{}"))));
        RunView again = view(gateway.post("/v1/runs/" + failed + "/retry?from=start", "{}"));
        assertThat(step(again, 0).assistant().orElseThrow().reused()).isEmpty();
        assertThat(cache(again, 0)).isEmpty();
        assertThat(cache(again, 1)).isEmpty();
        assertThat(tools(again, 1).named("find")).isPresent();
    }

    @Test
    void aRetrySearchesNoRepositoryThatHasGone() throws Exception {
        String repository = repository("{}");
        String failed = failed(view(created(repository)));
        gateway.send("DELETE", "/v1/repositories/" + repository, "");
        Answer gone = gateway.post("/v1/runs/" + failed + "/retry", "{}");
        Refusal.check(gone, 422, "invalid_assistant", "plan[1].tools[1].repositories[0].repository");
        gateway.send("PUT", "/v1/repositories/" + repository, "{}", "Content-Type", "application/json");
        RunView again = view(gateway.post("/v1/runs/" + failed + "/retry", "{}"));
        assertThat(searched(again, 1).sources().getFirst().generation()).isEqualTo(2);
    }
}
