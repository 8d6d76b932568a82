package io.tailrace.gateway.assistant;

import static io.tailrace.gateway.assistant.AssistantGateway.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.StagePart;
import io.tailrace.events.run.RunView.StageView;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs of assistants through HTTP: what the log is told of them. On a real broker; the coordinator is a stand-in. */
class AssistantRunsTest {
    private static final String ALL = "/v1/assistants/";
    private static final String EXECUTIONS = "/api/assistant-architect/executions";
    private static final String DOCUMENT = """
            {"inputs":[{"name":"topic"},{"name":"count","type":"integer","default":3},
                       {"name":"ratio","type":"number","required":false},{"name":"strict","type":"boolean","default":true},
                       {"name":"tone","type":"choice","options":["dry","warm"],"default":"dry"}],
             "prompts":[
               {"id":10,"name":"outline","text":"{{topic}} {{count}} {{ratio}} {{strict}}","provider":"scripted","model":"scripted-1"},
               {"id":20,"name":"body","text":"{{outline}} {{topic}}","system":"{{tone}} \\\\{{x}}","provider":"company",
                "knowledge":{"repositories":[{"id":7,"repository":"REPOSITORY"}],"max_chunks":4}},
               {"id":30,"name":"title","text":"{{body}}","provider":"company"}],
             "outputs":[{"name":"text","prompt":"body"},{"name":"heading","prompt":"title"}]}""";

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

    private static String assistant() {
        return at.assistant(DOCUMENT.replace("REPOSITORY", at.repository("{}")));
    }

    private static String body(String assistant, String inputs) {
        return "{\"workspace\":\"local\",\"kind\":\"assistant\",\"assistant\":\"" + assistant + "\",\"inputs\":"
                + inputs + "}";
    }

    private static Answer create(String assistant, String inputs, String... headers) {
        return gateway.post("/v1/runs", body(assistant, inputs), headers);
    }

    private static AssistantPrompt prompt(RunView run, int index) {
        return step(run, index).assistant().orElseThrow();
    }

    private static Retrieval.Source source(RunView run) {
        return step(run, 1).retrieval().orElseThrow().sources().getFirst();
    }

    @Test
    void theLogIsToldAllThatTheRunNeeds() throws Exception {
        String repository = at.repository("{\"model\":\"hashed-words-1\"}");
        long version = at.store(repository);
        String name = at.assistant(DOCUMENT.replace("REPOSITORY", repository));
        Answer made = create(name, "{\"topic\":\"{{count}}\",\"ratio\":1.5e3,\"strict\":false,\"tone\":\"warm\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        RunView run = at.view(made.text("run_id"));
        assertThat(run.kind()).isEqualTo("assistant");
        assertThat(run.plan().assistant().orElseThrow().version()).isEqualTo(1);
        assertThat(prompt(run, 0).variables())
                .containsExactly(
                        Variable.input("topic", "{{count}}"),
                        Variable.input("count", "3"),
                        Variable.input("ratio", "1500.0"),
                        Variable.input("strict", "false"));
        assertThat(prompt(run, 1).id()).isEqualTo(20);
        assertThat(prompt(run, 1).variables())
                .containsExactly(
                        Variable.answer("outline"),
                        Variable.input("topic", "{{count}}"),
                        Variable.input("tone", "warm"));
        assertThat(step(run, 1).uses()).containsExactly("outline");
        Retrieval retrieval = step(run, 1).retrieval().orElseThrow();
        assertThat(retrieval.searchType()).isEqualTo(SearchType.HYBRID);
        assertThat(retrieval.maxChunks()).isEqualTo(4);
        assertThat(retrieval.maxTokens()).isEqualTo(2000);
        assertThat(source(run).id()).isEqualTo(7);
        assertThat(source(run).repository()).isEqualTo(repository);
        assertThat(source(run).generation()).isEqualTo(1);
        // The partition is shared with other repositories.
        assertThat(source(run).version()).isGreaterThanOrEqualTo(version);
        assertThat(step(run, 2).retrieval()).isEmpty();
    }

    @Test
    void anInputThatMayBeLeftOutIsEmptyAndOneWithADefaultHasIt() throws Exception {
        RunView run = at.view(create(assistant(), "{\"topic\":\"t\"}").text("run_id"));
        assertThat(prompt(run, 0).variables())
                .contains(Variable.input("ratio", ""), Variable.input("strict", "true"), Variable.input("count", "3"));
        assertThat(step(run, 1).retrieval().orElseThrow().searchType()).isEqualTo(SearchType.KEYWORD);
    }

    @Test
    void aRunShowsItsAssistantWhereItsOutputsComeFromAndItsPromptsIds() {
        String name = assistant();
        Answer made = create(name, "{\"topic\":\"t\"}");
        assertThat(made.json().at("/assistant/name").asString()).isEqualTo(name);
        assertThat(made.json().at("/assistant/version").asInt()).isEqualTo(1);
        assertThat(made.json().at("/assistant/outputs/heading").toString()).isEqualTo("{\"prompt\":\"title\"}");
        assertThat(made.json().at("/steps/1/prompt_id").asInt()).isEqualTo(20);
        assertThat(made.json().at("/steps/1/name").asString()).isEqualTo("body");
        at.coordinator.write(ended(view(made), Optional.of(5L)));
        Answer failed = awaitFailed(made.text("run_id"));
        assertThat(failed.json().at("/assistant/outputs/text/stage_id").asString())
                .isEqualTo(StageId.of(new RunId(made.text("run_id")), 2).value());
    }

    private static RunView view(Answer made) {
        try {
            return at.view(made.text("run_id"));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aVersionCanBeChosen() throws Exception {
        String document = DOCUMENT.replace("REPOSITORY", at.repository("{}"));
        String name = at.assistant(document);
        gateway.send("PUT", ALL + name, document.replace("\"id\":30", "\"id\":31"), "Content-Type", "application/json");
        assertThat(prompt(at.view(create(name, "{\"topic\":\"t\"}").text("run_id")), 2)
                        .id())
                .isEqualTo(31);
        assertThat(prompt(at.view(create(name + "@1", "{\"topic\":\"t\"}").text("run_id")), 2)
                        .id())
                .isEqualTo(30);
        Refusal.check(create(name + "@9", "{\"topic\":\"t\"}"), 422, "unknown_assistant", "assistant");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "{} | missing_input | inputs.topic",
                "{\"topic\":null} | missing_input | inputs.topic",
                "{\"topic\":7} | wrong_type | inputs.topic",
                "{\"topic\":\"t\",\"topik\":\"t\"} | unknown_input | inputs.topik",
                "{\"topic\":\"t\",\"count\":\"3\"} | wrong_type | inputs.count",
                "{\"topic\":\"t\",\"count\":3.5} | wrong_type | inputs.count",
                "{\"topic\":\"t\",\"ratio\":true} | wrong_type | inputs.ratio",
                "{\"topic\":\"t\",\"strict\":\"true\"} | wrong_type | inputs.strict",
                "{\"topic\":\"t\",\"tone\":\"loud\"} | not_an_option | inputs.tone",
                "{\"topic\":[\"t\"]} | wrong_type | inputs.topic",
                "{\"topic\":\"\\u0000\"} | invalid_value | inputs.topic"
            })
    void wrongInputsAreRefusedBeforeAnythingIsDone(String inputs, String code, String path) {
        String name = assistant();
        Answer answer = create(name, inputs);
        Refusal.check(answer, 422, code, path);
        assertThat(answer.json().at("/errors/0/path").asString()).isEqualTo(path);
        assertThat(at.coordinator.taken()).noneMatch(it -> it.toString().contains("AssistantRun[name=" + name));
    }

    @Test
    void allInputsThatAreWrongAreInOneAnswer() {
        Answer answer = create(assistant(), "{\"count\":\"x\",\"more\":1}");
        List<String> paths = new ArrayList<>();
        answer.json().get("errors").forEach(it -> paths.add(it.get("path").asString()));
        assertThat(paths).containsExactlyInAnyOrder("inputs.count", "inputs.more", "inputs.topic");
    }

    /** Bytes count, and how often a value is put in. */
    @Test
    void whatWouldNotFitIntoTheLogIsRefused() {
        String name = assistant();
        assertThat(create(name, "{\"topic\":\"" + "\u00e4".repeat(16 * 1024) + "\"}")
                        .status())
                .isEqualTo(201);
        Refusal.check(
                create(name, "{\"topic\":\"" + "\u00e4".repeat(16 * 1024) + "a\"}"), 422, "too_large", "inputs.topic");
        String often = at.assistant("{\"inputs\":[{\"name\":\"x\"}],\"prompts\":[{\"id\":1,\"name\":\"a\",\"text\":\""
                + "{{x}}".repeat(13_000) + "\",\"provider\":\"company\"}]}");
        assertThat(create(often, "{\"x\":\"" + "a".repeat(30) + "\"}").status()).isEqualTo(201);
        String large = "{\"x\":\"" + "a".repeat(32 * 1024) + "\"}";
        Refusal.check(create(often, large), 422, "too_large", "inputs");
        Answer checked = gateway.post(ALL + often + "/check", "{\"inputs\":" + large + "}");
        assertThat(checked.status()).isEqualTo(200);
        assertThat(checked.json().at("/errors/0/code").asString()).isEqualTo("too_large");
        assertThat(checked.body().length()).isLessThan(2000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "{\"workspace\":\"w\",\"kind\":\"assistant\"} | missing_field | assistant",
                "{\"workspace\":\"w\",\"kind\":\"assistant\",\"assistant\":\"-\"} | invalid_value | assistant",
                "{\"workspace\":\"w\",\"kind\":\"assistant\",\"assistant\":\"a\",\"plan\":[]} | conflicting_fields | plan",
                "{\"workspace\":\"w\",\"kind\":\"assistant\",\"assistant\":\"a\",\"chat\":{}} | conflicting_fields | chat",
                "{\"workspace\":\"w\",\"assistant\":\"a\",\"plan\":[]} | conflicting_fields | assistant",
                "{\"workspace\":\"w\",\"kind\":\"chat\",\"inputs\":{},\"chat\":{}} | conflicting_fields | inputs"
            })
    void whatDoesNotBelongTogetherIsRefused(String body, String code, String field) {
        Refusal.check(gateway.post("/v1/runs", body), 400, code, field);
    }

    @Test
    void inputsThatAreNoObjectAreRefused() {
        Refusal.check(create(assistant(), "[]"), 400, "wrong_type", "inputs");
    }

    @Test
    void aRepeatedKeyGivesTheSameRunThoughTheAssistantIsGone() {
        String name = assistant();
        String key = UUID.randomUUID().toString();
        Answer first = create(name, "{\"topic\":\"t\"}", "Idempotency-Key", key);
        gateway.send("DELETE", ALL + name, "");
        Answer again = create(name, "{\"topic\":\"t\"}", "Idempotency-Key", key);
        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.text("run_id")).isEqualTo(first.text("run_id"));
        assertThat(create(name, "{\"topic\":\"u\"}", "Idempotency-Key", key).status())
                .isEqualTo(409);
        Refusal.check(create(name, "{\"topic\":\"t\"}"), 422, "unknown_assistant", "assistant");
    }

    @Test
    void anExecutionIsTheSameRunInOtherWords() throws Exception {
        String name = assistant();
        String body = "{\"assistant\":\"" + name + "\",\"inputs\":{\"topic\":\"t\"},\"title\":\"T\"}";
        Answer made = gateway.post(EXECUTIONS, body, "Idempotency-Key", name);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String id = made.text("executionId");
        assertThat(made.header("location")).contains("/api/assistant-architect/events/" + id);
        assertThat(made.text("assistant")).isEqualTo(name);
        assertThat(made.json().get("version").asInt()).isEqualTo(1);
        assertThat(made.text("status")).isEqualTo("queued");
        assertThat(at.view(id).plan().assistant()).isPresent();
        assertThat(at.view(id).title()).contains("T");
        Answer again = gateway.post(EXECUTIONS, body, "Idempotency-Key", name);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(made.body());
        Refusal.check(
                gateway.post(EXECUTIONS, "{\"assistant\":\"" + name + "\"}"), 422, "missing_input", "inputs.topic");
        Refusal.check(
                gateway.post(EXECUTIONS, "{\"assistant\":\"a\",\"kind\":\"chat\"}"), 400, "unknown_field", "kind");
    }

    /** The view of a run whose first prompt succeeded, with its last record there, and whose second failed. */
    static RunView ended(RunView it, Optional<Long> lastOffset) {
        Instant at = Instant.parse("2026-11-21T10:00:00Z");
        List<StageView> stages = List.of(
                stage(it.runId(), 1, Outcome.SUCCEEDED, at, lastOffset),
                stage(it.runId(), 2, Outcome.FAILED, at, Optional.of(9L)));
        return new RunView(
                it.runId(),
                it.workspace(),
                it.kind(),
                it.title(),
                RunStatus.FAILED,
                it.createdAt(),
                Optional.of(at),
                Optional.of(at),
                Optional.empty(),
                it.retryOf(),
                Optional.empty(),
                it.plan(),
                it.limits(),
                stages,
                it.requestDigest(),
                it.partition(),
                it.firstOffset(),
                it.numbered(),
                it.lastOffset());
    }

    /** The first prompt was paused, a build executed a call of it, and its third stage answered. */
    private static RunView paused(RunView it) {
        RunView simple = ended(it, Optional.of(5L));
        StageView first = simple.stages().getFirst();
        List<StageView> stages = List.of(
                part(first, 1, 5, Optional.of(StagePart.PAUSED)),
                part(first, 2, 6, Optional.of(StagePart.TOOL_CALL)),
                part(first, 3, 7, Optional.empty()),
                new StageView(
                        StageId.of(it.runId(), 4),
                        2,
                        Attempt.FIRST,
                        Optional.of(Outcome.FAILED),
                        Optional.empty(),
                        first.requestedAt(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return new RunView(
                simple.runId(),
                simple.workspace(),
                simple.kind(),
                simple.title(),
                simple.status(),
                simple.createdAt(),
                simple.startedAt(),
                simple.completedAt(),
                simple.cancelRequestedAt(),
                simple.retryOf(),
                simple.failure(),
                simple.plan(),
                simple.limits(),
                stages,
                simple.requestDigest(),
                simple.partition(),
                simple.firstOffset(),
                simple.numbered(),
                simple.lastOffset());
    }

    private static StageView part(StageView of, int number, long lastOffset, Optional<StagePart> part) {
        return new StageView(
                StageId.of(of.stageId().run(), number),
                1,
                Attempt.FIRST,
                of.outcome(),
                Optional.empty(),
                of.requestedAt(),
                of.startedAt(),
                of.finishedAt(),
                of.duration(),
                Optional.empty(),
                Optional.of(lastOffset),
                part);
    }

    @Test
    void anAnswerIsThatOfTheStageThatGaveIt() throws Exception {
        String run = create(assistant(), "{\"topic\":\"t\"}").text("run_id");
        at.coordinator.write(paused(at.view(run)));
        Answer failed = awaitFailed(run);
        assertThat(failed.json().at("/steps/0/stage_id").asString()).isEqualTo(run + ".3");
        assertThat(failed.json().at("/steps/0/status").asString()).isEqualTo("succeeded");
        assertThat(failed.json().at("/steps/1/stage_id").asString()).isEqualTo(run + ".4");
        assertThat(failed.json().at("/steps/1/status").asString()).isEqualTo("failed");
        assertThat(failed.json().at("/stages/0/part").asString()).isEqualTo("paused");
        RunView again = retried(run, "");
        assertThat(prompt(again, 0).reused())
                .contains(new ReusedAnswer(
                        StageId.of(new RunId(run), 3),
                        new LogPosition(Topic.TURN_EVENTS, at.view(run).partition(), 7),
                        ReusedAnswer.Reason.RETRY));
        assertThat(prompt(again, 1).reused()).isEmpty();
    }

    private static StageView stage(RunId run, int step, Outcome outcome, Instant at, Optional<Long> lastOffset) {
        return new StageView(
                StageId.of(run, step),
                step,
                Attempt.FIRST,
                Optional.of(outcome),
                Optional.empty(),
                at,
                Optional.of(at),
                Optional.of(at),
                Optional.of(Duration.ofSeconds(1)),
                Optional.empty(),
                lastOffset,
                Optional.empty());
    }

    private static Answer awaitFailed(String run) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> gateway.get("/v1/runs/" + run),
                        it -> it.text("status").equals("failed"));
    }

    private static String failed(String run, Optional<Long> lastOffset) throws InterruptedException {
        at.coordinator.write(ended(at.view(run), lastOffset));
        awaitFailed(run);
        return run;
    }

    private static RunView retried(String run, String query) throws InterruptedException {
        Answer answer = gateway.post("/v1/runs/" + run + "/retry" + query, "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return at.view(answer.text("run_id"));
    }

    @Test
    void aRetryTakesTheAnswersThatThereAreAndAsksTheRestOfRepositoriesAsTheyAreNow() throws Exception {
        String repository = at.repository("{}");
        String name = at.assistant(DOCUMENT.replace("REPOSITORY", repository));
        String run = create(name, "{\"topic\":\"t\"}").text("run_id");
        failed(run, Optional.of(5L));
        long version = at.store(repository);
        gateway.send("DELETE", ALL + name, "");
        RunView again = retried(run, "");
        ReusedAnswer answer = new ReusedAnswer(
                StageId.of(new RunId(run), 1),
                new LogPosition(Topic.TURN_EVENTS, at.view(run).partition(), 5),
                ReusedAnswer.Reason.RETRY);
        assertThat(prompt(again, 0).reused()).contains(answer);
        assertThat(prompt(again, 1).reused()).isEmpty();
        assertThat(prompt(again, 2).reused()).isEmpty();
        assertThat(source(again).version()).isGreaterThanOrEqualTo(version);
        assertThat(source(at.view(run)).version()).isLessThan(version);
        assertThat(again.retryOf()).contains(new RunId(run));
        assertThat(again.plan().assistant()).isEqualTo(at.view(run).plan().assistant());

        // A retry of the retry takes it from where it was given.
        String second = failed(again.runId().value(), Optional.of(77L));
        assertThat(prompt(retried(second, ""), 0).reused()).contains(answer);

        RunView fromStart = retried(second, "?from=start");
        for (int i = 0; i < 3; i++) {
            assertThat(prompt(fromStart, i).reused()).isEmpty();
        }
    }

    @Test
    void anAnswerWhosePlaceIsNotKnownIsAskedForAgain() throws Exception {
        String run = failed(create(assistant(), "{\"topic\":\"t\"}").text("run_id"), Optional.empty());
        assertThat(prompt(retried(run, ""), 0).reused()).isEmpty();
    }

    /** A repository that was made anew is another one. */
    @Test
    void aRetryAsksARepositoryThatWasMadeAnewAndNoneThatHasGone() throws Exception {
        String repository = at.repository("{}");
        String run = failed(
                create(at.assistant(DOCUMENT.replace("REPOSITORY", repository)), "{\"topic\":\"t\"}")
                        .text("run_id"),
                Optional.of(5L));
        gateway.send("DELETE", "/v1/repositories/" + repository, "");
        Answer gone = gateway.post("/v1/runs/" + run + "/retry", "{}");
        Refusal.check(gone, 422, "invalid_assistant", "plan[1].knowledge.repositories[0].repository");
        gateway.send("PUT", "/v1/repositories/" + repository, "{}", "Content-Type", "application/json");
        assertThat(source(retried(run, "")).generation()).isEqualTo(2);
    }

    @Test
    void wrongPlacesToRetryFromAreRefused() throws Exception {
        String run = failed(create(assistant(), "{\"topic\":\"t\"}").text("run_id"), Optional.of(5L));
        Refusal.check(gateway.post("/v1/runs/" + run + "/retry?from=end", "{}"), 400, "invalid_value", "from");
        Refusal.check(gateway.post("/v1/runs/" + run + "/retry?x=1", "{}"), 400, "unknown_parameter", "x");
        String build = gateway.post(
                        "/v1/runs",
                        "{\"workspace\":\"w\",\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]}")
                .text("run_id");
        at.coordinator.move(new RunId(build), RunStatus.FAILED);
        awaitFailed(build);
        Refusal.check(gateway.post("/v1/runs/" + build + "/retry?from=start", "{}"), 409, "not_an_assistant", "from");
        assertThat(at.view(build).plan()).isInstanceOf(Plan.class);
    }

    @Test
    void aRetryWithAKeyIsTheSameRunAndFromTheStartIsAnother() throws Exception {
        String run = failed(create(assistant(), "{\"topic\":\"t\"}").text("run_id"), Optional.of(5L));
        String key = UUID.randomUUID().toString();
        Answer first = gateway.post("/v1/runs/" + run + "/retry", "{}", "Idempotency-Key", key);
        Answer again = gateway.post("/v1/runs/" + run + "/retry", "{}", "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("run_id")).isEqualTo(first.text("run_id"));
        assertThat(gateway.post("/v1/runs/" + run + "/retry?from=start", "{}", "Idempotency-Key", key)
                        .text("code"))
                .isEqualTo("idempotency_key_reused");
    }
}
