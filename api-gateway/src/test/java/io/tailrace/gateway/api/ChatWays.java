package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.ChatBook;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** How every described status of the chat API comes about. */
record ChatWays(TestGateway gateway, TestGateway cutOff, ScriptedCoordinator coordinator) {
    private static final String UNKNOWN = "/v1/runs/r-0000000000000000";
    private static final String HELLO = "{\"text\":\"hello\"}";

    void addTo(Map<String, Supplier<Answer>> ways) {
        submissions(ways);
        turns(ways);
        close(ways);
        conversations(ways);
    }

    private void submissions(Map<String, Supplier<Answer>> ways) {
        String submit = "post /v1/runs/{id}/turns ";
        ways.put(submit + 200, () -> twice(chat() + "/turns", HELLO));
        ways.put(submit + 201, () -> gateway.post(chat() + "/turns", HELLO));
        ways.put(submit + 202, () -> heldBack(chat() + "/turns", HELLO));
        ways.put(submit + 400, () -> gateway.post(UNKNOWN + "/turns", "{}"));
        ways.put(submit + 404, () -> gateway.post(UNKNOWN + "/turns", HELLO));
        ways.put(submit + 409, () -> gateway.post(build() + "/turns", HELLO));
        String retry = "post /v1/runs/{id}/turns/{turn}/retry ";
        ways.put(retry + 200, () -> twice(failedTurn() + "/retry", "{}"));
        ways.put(retry + 201, () -> gateway.post(failedTurn() + "/retry", "{}"));
        ways.put(retry + 202, () -> heldBack(failedTurn() + "/retry", "{}"));
        ways.put(retry + 400, () -> gateway.post(UNKNOWN + "/turns/turn-1/retry", "{\"x\":1}"));
        ways.put(retry + 404, () -> gateway.post(chat() + "/turns/turn-1/retry", "{}"));
        ways.put(retry + 409, () -> gateway.post(turn() + "/retry", "{}"));
        bounds(ways, submit, UNKNOWN + "/turns", HELLO);
        bounds(ways, retry, UNKNOWN + "/turns/turn-1/retry", "{}");
    }

    private void turns(Map<String, Supplier<Answer>> ways) {
        String show = "get /v1/runs/{id}/turns/{turn} ";
        ways.put(show + 200, () -> gateway.get(turn()));
        ways.put(show + 400, () -> gateway.get(UNKNOWN + "/turns/X"));
        ways.put(show + 404, () -> gateway.get(chat() + "/turns/turn-1"));
        ways.put(show + 409, () -> gateway.get(build() + "/turns/turn-1"));
        ways.put(show + 503, () -> cutOff.get(UNKNOWN + "/turns/turn-1"));
        String cancel = "post /v1/runs/{id}/turns/{turn}/cancel ";
        ways.put(cancel + 200, () -> gateway.post(failedTurn() + "/cancel", "{}"));
        ways.put(cancel + 202, () -> gateway.post(turn() + "/cancel", "{}"));
        ways.put(cancel + 400, () -> gateway.post(UNKNOWN + "/turns/turn-1/cancel", "[]"));
        ways.put(cancel + 404, () -> gateway.post(chat() + "/turns/turn-1/cancel", "{}"));
        ways.put(cancel + 409, () -> gateway.post(build() + "/turns/turn-1/cancel", "{}"));
        bounds(ways, cancel, UNKNOWN + "/turns/turn-1/cancel", "{}");
    }

    private void close(Map<String, Supplier<Answer>> ways) {
        String close = "post /v1/runs/{id}/close ";
        ways.put(close + 200, () -> {
            String chat = chat();
            coordinator.move(new RunId(chat.substring(chat.lastIndexOf('/') + 1)), RunStatus.SUCCEEDED);
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.get(chat).text("status").equals("succeeded"));
            return gateway.post(chat + "/close", "{}");
        });
        ways.put(close + 202, () -> gateway.post(chat() + "/close", "{}"));
        ways.put(close + 400, () -> gateway.post(UNKNOWN + "/close", "[]"));
        ways.put(close + 404, () -> gateway.post(UNKNOWN + "/close", "{}"));
        ways.put(close + 409, () -> gateway.post(build() + "/close", "{}"));
        bounds(ways, close, UNKNOWN + "/close", "{}");
    }

    private void conversations(Map<String, Supplier<Answer>> ways) {
        for (String resource : List.of("messages", "checkpoint")) {
            String get = "get /v1/runs/{id}/" + resource + " ";
            ways.put(get + 400, () -> gateway.get(UNKNOWN + "/" + resource + "?x=1"));
            ways.put(get + 404, () -> gateway.get(UNKNOWN + "/" + resource));
            ways.put(get + 409, () -> gateway.get(build() + "/" + resource));
            ways.put(get + 503, () -> cutOff.get(UNKNOWN + "/" + resource));
        }
        ways.put("get /v1/runs/{id}/messages 200", () -> gateway.get(chat() + "/messages"));
        ways.put("get /v1/runs/{id}/checkpoint 200", () -> {
            try (KafkaLogUnderTest log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers())) {
                ChatBook book = new ChatBook(log).create().echo("a", "hello");
                log.publish(book.view(List.of()));
                return gateway.get("/v1/runs/" + book.run() + "/checkpoint");
            }
        });
    }

    private void bounds(Map<String, Supplier<Answer>> ways, String operation, String path, String body) {
        ways.put(operation + 413, () -> gateway.post(path, OpenApiTest.TOO_LONG));
        ways.put(operation + 415, () -> gateway.send("POST", path, body));
        ways.put(operation + 503, () -> cutOff.post(path, body));
    }

    private String chat() {
        return "/v1/runs/" + gateway.post("/v1/runs", """
                        {"workspace":"demo","kind":"chat","chat":{"provider":"scripted"}}""").text("run_id");
    }

    private String build() {
        return "/v1/runs/" + gateway.post("/v1/runs", """
                        {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""").text("run_id");
    }

    private String turn() {
        return gateway.post(chat() + "/turns", HELLO).text("url");
    }

    private String failedTurn() {
        Answer turn = gateway.post(chat() + "/turns", HELLO);
        coordinator.move(
                new RunId(turn.text("run_id")), new TurnId(turn.text("turn_id")), TurnStatus.FAILED, "timeout");
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get(turn.text("url")).text("status").equals("failed"));
        return turn.text("url");
    }

    Answer twice(String path, String body) {
        String key = UUID.randomUUID().toString();
        gateway.post(path, body, "Idempotency-Key", key);
        return gateway.post(path, body, "Idempotency-Key", key);
    }

    Answer heldBack(String path, String body) {
        coordinator.holdBack(true);
        try {
            return gateway.post(path, body);
        } finally {
            coordinator.holdBack(false);
        }
    }
}
