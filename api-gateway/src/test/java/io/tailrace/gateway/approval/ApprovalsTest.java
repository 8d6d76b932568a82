package io.tailrace.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenCalls;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People's answers over HTTP, to questions of runs that are written to a real broker; the coordinator is a stand-in. */
class ApprovalsTest {
    private static KafkaLogUnderTest log;
    private static TestGateway gateway;
    private static TestGateway patient;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() {
        String brokers = TestKafka.shared().bootstrapServers();
        log = KafkaLogUnderTest.on(brokers);
        gateway = TestGateway.start("tailrace.gateway.commands.decide-within=200ms");
        patient = TestGateway.start("tailrace.gateway.commands.decide-within=1m");
        coordinator = new ScriptedCoordinator(brokers, TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        patient.close();
        gateway.close();
        log.close();
    }

    /** A run whose second prompt is paused: two calls of it wait, of a round that is the first. */
    private static WrittenExecution paused() {
        return new WrittenExecution(RunId.of(UUID.randomUUID()), log)
                .create()
                .prompt()
                .request()
                .claim()
                .prepare()
                .say(WrittenCalls.requested(1, 2))
                .pause(1, 0, 1)
                .publish();
    }

    private static String path(WrittenExecution run, String rest) {
        return "/v1/runs/" + run.id() + "/approvals/" + rest;
    }

    private static List<RunCommand.DecideApproval> recorded(WrittenExecution run) {
        return coordinator.taken().stream()
                .filter(it -> it.runId().equals(run.id()))
                .map(it -> (RunCommand.DecideApproval) it.payload())
                .toList();
    }

    private static RunCommand.DecideApproval awaitRecorded(WrittenExecution run) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> recorded(run), it -> !it.isEmpty())
                .getLast();
    }

    /** The view was published before the question was asked. */
    @Test
    void aQuestionThatNoViewHasYetCanBeAnswered() {
        WrittenExecution run = paused().ask(1, 0);
        Answer answer = gateway.post(path(run, "2-1-0/approve"), "{\"by\":\"ada\",\"reason\":\"fine\\nso\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.header("location")).contains("/v1/runs/" + run.id());
        assertThat(answer.text("approval_id")).isEqualTo("2-1-0");
        assertThat(answer.text("stage_id")).isEqualTo(run.id() + ".2");
        assertThat(answer.text("tool")).isEqualTo("page-1-0");
        assertThat(answer.text("arguments")).isEqualTo(WrittenCalls.ARGUMENTS);
        assertThat(answer.json().get("timeout_ms").asLong()).isEqualTo(3_600_000);
        assertThat(answer.json().get("decided").asBoolean()).isFalse();
        assertThat(answer.json().has("waiting_for")).isTrue();
        assertThat(awaitRecorded(run))
                .isEqualTo(new RunCommand.DecideApproval(
                        new ApprovalId("2-1-0"), true, Optional.of("ada"), Optional.of("fine\nso")));
    }

    /** Retention took the question, or it lies too far back: the view is enough. */
    @Test
    void aQuestionThatOnlyTheViewHasCanBeAnswered() {
        WrittenExecution run = paused().show(1, 0).publish();
        Answer answer = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.post(path(run, "2-1-0/deny"), "{}"), it -> it.status() != 404);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("tool")).isEqualTo("page-1-0");
        assertThat(answer.text("stage_id")).isEqualTo(run.id() + ".2");
        assertThat(answer.text("arguments")).isEqualTo(WrittenCalls.ARGUMENTS);
        assertThat(answer.json().get("timeout_ms").asLong()).isEqualTo(3_600_000);
        assertThat(awaitRecorded(run).approved()).isFalse();
    }

    @Test
    void anAnswerThatTheViewDoesNotHaveYetCounts() {
        WrittenExecution run = paused().ask(1, 0).publish();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + run.id()).text("status").equals("waiting"));
        run.decide(1, 0, ApprovalDecision.DENIED, Optional.of("ada"));
        Refusal.check(gateway.post(path(run, "2-1-0/approve"), "{}"), 409, "not_open", "");
        assertThat(recorded(run)).isEmpty();
    }

    @Test
    void theSameAnswerAgainIsTakenAndAnotherOneIsNot() {
        WrittenExecution run = paused().ask(1, 0).decide(1, 0, ApprovalDecision.DENIED, Optional.of("ada"));
        Answer same = gateway.post(path(run, "2-1-0/deny"), "{}");
        assertThat(same.status()).as(same.body()).isEqualTo(202);
        assertThat(same.json().get("decided").asBoolean()).isTrue();
        assertThat(same.text("decision")).isEqualTo("denied");
        assertThat(same.text("by")).isEqualTo("ada");
        Answer other = gateway.post(path(run, "2-1-0/approve"), "{}");
        Refusal.check(other, 409, "not_open", "");
        assertThat(other.text("detail")).contains("denied already, by ada");
        assertThat(recorded(run)).isEmpty();
    }

    @Test
    void whatNobodyAnsweredInTimeIsNotOpen() {
        WrittenExecution run = paused().ask(1, 0).decide(1, 0, ApprovalDecision.EXPIRED, Optional.empty());
        for (String answer : List.of("approve", "deny")) {
            Refusal.check(gateway.post(path(run, "2-1-0/" + answer), "{}"), 409, "not_open", "");
        }
    }

    @Test
    void aRunThatHasEndedAsksNothing() {
        WrittenExecution run = paused().ask(1, 0).complete(Outcome.CANCELED).publish();
        Answer late = gateway.post(path(run, "2-1-0/approve"), "{}");
        Refusal.check(late, 409, "not_open", "");
        assertThat(late.text("detail")).contains("has ended");
        Refusal.check(gateway.post(path(run, "2-1-1/approve"), "{}"), 404, "unknown_approval", "approval_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2-1-1", "1-1-0", "2-2-0", "x", "2-1", "02-1-0", "2-1-0-0", "99999999-1-0", "%20", "2-1-%00"})
    void whatWasNeverAskedIsUnknown(String id) {
        WrittenExecution run = paused().ask(1, 0);
        Answer answer = gateway.post(path(run, id + "/approve"), "{}");
        if (!id.contains("%00")) {
            Refusal.check(answer, 404, "unknown_approval", "approval_id");
        }
        assertThat(answer.status()).isBetween(400, 404);
        assertThat(recorded(run)).isEmpty();
    }

    @Test
    void aRunThatIsNotThereIsUnknown() {
        Refusal.check(
                gateway.post("/v1/runs/r-0000000000000000/approvals/2-1-0/approve", "{}"), 404, "unknown_run", "");
        Refusal.check(gateway.post("/v1/runs/X/approvals/2-1-0/deny", "{}"), 400, "malformed_run_id", "run_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\":1} | 422 | unknown_field | x",
                "{\"by\":7} | 422 | wrong_type | by",
                "{\"by\":\"a\\nb\"} | 422 | invalid_value | by",
                "{\"reason\":[]} | 422 | wrong_type | reason",
                "[] | 422 | wrong_type | ''"
            })
    void aBodyIsReadStrictly(String body, int status, String code, String field) {
        WrittenExecution run = paused().ask(1, 0);
        Answer answer = gateway.post(path(run, "2-1-0/approve"), body);
        assertThat(answer.status()).as(answer.body()).isIn(400, status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("field")).isEqualTo(field);
        assertThat(recorded(run)).isEmpty();
    }

    @Test
    void textsHaveTheirLengths() {
        WrittenExecution run = paused().ask(1, 0);
        for (String field : List.of("by", "reason")) {
            String body = "{\"" + field + "\":\"%s\"}";
            assertThat(gateway.post(path(run, "2-1-0/deny"), body.formatted("a".repeat(1001)))
                            .text("code"))
                    .isEqualTo("too_long");
            assertThat(gateway.post(path(run, "2-1-0/deny"), body.formatted("a".repeat(1000)))
                            .status())
                    .isEqualTo(202);
        }
        assertThat(gateway.send("POST", path(run, "2-1-0/deny"), "").status()).isEqualTo(202);
    }

    @Test
    void whoeverWaitsIsToldWhatWasDecided() throws Exception {
        WrittenExecution run = paused().ask(1, 0).publish();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> patient.post(path(run, "2-1-0/approve"), "{\"by\":\"ada\"}"));
        awaitRecorded(run);
        run.decide(1, 0, ApprovalDecision.APPROVED, Optional.of("ada")).publish();
        Answer answer = waiting.get();
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("decision")).isEqualTo("approved");
        assertThat(answer.text("decided_at")).isNotEmpty();
    }

    @Test
    void whoeverComesSecondIsToldSo() throws Exception {
        WrittenExecution run = paused().ask(1, 0).publish();
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> patient.post(path(run, "2-1-0/approve"), "{}"));
        awaitRecorded(run);
        run.decide(1, 0, ApprovalDecision.DENIED, Optional.of("bob")).publish();
        Refusal.check(waiting.get(), 409, "not_open", "");
    }

    @Test
    void aRunSaysWhatItWaitsFor() {
        WrittenExecution run = paused().ask(1, 0).ask(1, 1).publish();
        Answer shown = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> gateway.get("/v1/runs/" + run.id()),
                        it -> it.text("status").equals("waiting"));
        assertThat(shown.json().get("approvals")).hasSize(2);
        assertThat(shown.json().at("/approvals/0").propertyNames())
                .containsExactlyInAnyOrder(
                        "approval_id",
                        "stage_id",
                        "tool",
                        "arguments",
                        "arguments_length",
                        "requested_at",
                        "timeout_ms");
        assertThat(shown.json().at("/approvals/1/approval_id").asString()).isEqualTo("2-1-1");
        assertThat(shown.json().at("/approvals/0/arguments_length").asInt()).isEqualTo(WrittenCalls.ARGUMENTS.length());
        Answer list = gateway.get("/v1/runs?status=waiting&limit=200");
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.body()).contains(run.id().value()).doesNotContain("rivers.example/all");
        run.decide(1, 0, ApprovalDecision.APPROVED, Optional.empty())
                .decide(1, 1, ApprovalDecision.APPROVED, Optional.empty())
                .publish();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> gateway.get("/v1/runs/" + run.id()),
                        it -> it.text("status").equals("running") && !it.json().has("approvals"));
    }
}
