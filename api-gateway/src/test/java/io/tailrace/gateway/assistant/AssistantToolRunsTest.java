package io.tailrace.gateway.assistant;

import static io.tailrace.gateway.assistant.AssistantGateway.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
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

    private static AssistantGateway at;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        at = new AssistantGateway();
        gateway = at.gateway;
    }

    @AfterAll
    static void stop() {
        at.close();
    }

    private static Answer created(String repository) {
        String name = at.assistant(DOCUMENT.replace("REPOSITORY", repository));
        Answer made = gateway.post(
                "/v1/runs", "{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"" + name + "\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made;
    }

    private static RunView view(Answer made) throws InterruptedException {
        return at.view(made.text("run_id"));
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
        String repository = at.repository("{\"model\":\"hashed-words-1\"}");
        long version = at.store(repository);
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
        at.coordinator.write(AssistantRunsTest.ended(run, Optional.of(5L)));
        String id = run.runId().value();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + id).text("status"), "failed"::equals);
        return id;
    }

    @Test
    void aRetrySearchesRepositoriesAsTheyAreNowAndKeepsTheRest() throws Exception {
        String repository = at.repository("{}");
        RunView run = view(created(repository));
        String failed = failed(run);
        long version = at.store(repository);
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
        String failed = failed(view(created(at.repository("{}"))));
        RunView again = view(gateway.post("/v1/runs/" + failed + "/retry?from=start", "{}"));
        assertThat(step(again, 0).assistant().orElseThrow().reused()).isEmpty();
        assertThat(cache(again, 0)).isEmpty();
        assertThat(cache(again, 1)).isEmpty();
        assertThat(tools(again, 1).named("find")).isPresent();
    }

    @Test
    void aRetrySearchesNoRepositoryThatHasGone() throws Exception {
        String repository = at.repository("{}");
        String failed = failed(view(created(repository)));
        gateway.send("DELETE", "/v1/repositories/" + repository, "");
        Answer gone = gateway.post("/v1/runs/" + failed + "/retry", "{}");
        Refusal.check(gone, 422, "invalid_assistant", "plan[1].tools[1].repositories[0].repository");
        gateway.send("PUT", "/v1/repositories/" + repository, "{}", "Content-Type", "application/json");
        RunView again = view(gateway.post("/v1/runs/" + failed + "/retry", "{}"));
        assertThat(searched(again, 1).sources().getFirst().generation()).isEqualTo(2);
    }
}
