package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenCalls;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Ways to each status of the routes of approvals and of servers of tools. */
record ApprovalWays(TestGateway gateway, TestGateway cutOff) {
    private static final String UNKNOWN = "/v1/runs/r-0000000000000000/approvals/2-1-0/";

    void addTo(Map<String, Supplier<Answer>> ways) {
        for (String answer : new String[] {"approve", "deny"}) {
            String post = "post /v1/runs/{id}/approvals/{approval}/" + answer + " ";
            ways.put(post + 202, () -> gateway.post(asked(Optional.empty()) + answer, "{}"));
            ways.put(post + 400, () -> gateway.post(UNKNOWN + answer, "[]"));
            ways.put(post + 404, () -> gateway.post(UNKNOWN + answer, "{}"));
            ways.put(post + 409, () -> gateway.post(asked(Optional.of(ApprovalDecision.EXPIRED)) + answer, "{}"));
            ways.put(post + 413, () -> gateway.post(UNKNOWN + answer, OpenApiTest.TOO_LONG));
            ways.put(post + 415, () -> gateway.send("POST", UNKNOWN + answer, "{}"));
            ways.put(post + 503, () -> cutOff.post(UNKNOWN + answer, "{}"));
        }
        ways.put("get /v1/tool-servers 200", () -> gateway.get("/v1/tool-servers"));
        ways.put("get /v1/tool-servers 400", () -> gateway.get("/v1/tool-servers?x=1"));
        ways.put("get /v1/tool-servers 503", () -> cutOff.get("/v1/tool-servers"));
    }

    /** The path of a question, up to its answer. */
    private static String asked(Optional<ApprovalDecision> decision) {
        try (KafkaLogUnderTest log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers())) {
            WrittenExecution run = new WrittenExecution(RunId.of(UUID.randomUUID()), log)
                    .create()
                    .request()
                    .claim()
                    .say(WrittenCalls.requested(1, 1))
                    .pause(1, 0)
                    .ask(1, 0);
            decision.ifPresent(it -> run.decide(1, 0, it, Optional.empty()));
            run.publish();
            return "/v1/runs/" + run.id() + "/approvals/1-1-0/";
        }
    }
}
