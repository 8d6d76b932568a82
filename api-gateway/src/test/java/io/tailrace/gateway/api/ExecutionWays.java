package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** How each described status of executions comes about. */
record ExecutionWays(TestGateway gateway, TestGateway cutOff) {
    private static final String STREAM = "/api/assistant-architect/events/";
    private static final String HISTORY = "/api/assistant-architect/executions/";
    private static final String UNKNOWN = "r-0000000000000000";

    void addTo(Map<String, Supplier<Answer>> ways) {
        String stream = "get " + STREAM + "{execution} ";
        ways.put(stream + 200, () -> gateway.send("HEAD", STREAM + written().id(), ""));
        ways.put(stream + 204, () -> {
            String run = written().id().value();
            String cursor = gateway.get("/v1/runs/" + run).text("cursor");
            return gateway.get(STREAM + run + "?cursor=" + cursor);
        });
        ways.put(stream + 400, () -> gateway.get(STREAM + "-"));
        ways.put(stream + 404, () -> gateway.get(STREAM + UNKNOWN));
        String history = "get " + HISTORY + "{execution}/events ";
        ways.put(history + 200, () -> gateway.get(HISTORY + written().id() + "/events"));
        ways.put(history + 400, () -> gateway.get(HISTORY + UNKNOWN + "/events?limit=0"));
        ways.put(history + 404, () -> gateway.get(HISTORY + UNKNOWN + "/events"));
        ways.put(history + 406, () -> gateway.get(HISTORY + UNKNOWN + "/events", "Accept", "text/html"));
        ways.put(history + 422, () -> gateway.get(HISTORY + UNKNOWN + "/events?type=x"));
        ways.put(history + 503, () -> cutOff.get(HISTORY + UNKNOWN + "/events"));
    }

    /** One that has ended. */
    private static WrittenExecution written() {
        try (KafkaLogUnderTest log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers())) {
            return new WrittenExecution(RunId.of(UUID.randomUUID()), log)
                    .create()
                    .prompt()
                    .prompt()
                    .prompt()
                    .complete(Outcome.SUCCEEDED)
                    .publish();
        }
    }
}
