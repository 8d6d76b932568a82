package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The coordinator is away: what was taken is never unknown, everybody is told why it waits, and then it is decided. */
@Timeout(300)
class UndecidedTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int CHATS = 4;

    private final Gateway gateway = SharedStack.gateway(1);
    private final Gateway other = SharedStack.gateway(2);

    @AfterEach
    void heal() throws Exception {
        SharedStack.heal();
    }

    @Test
    void whoWasTold202IsNeverTold404AndEverythingIsDecidedInTheEnd() throws Exception {
        Chat known = Chat.create(gateway, "enqueue");
        SharedStack.member("coordinator-1").kill();
        List<Chat> chats = new ArrayList<>();
        for (int i = 0; i < CHATS; i++) {
            HttpResponse<String> taken = gateway.post(
                    "/v1/runs",
                    Gateway.JSON.writeValueAsString(Map.of(
                            "workspace",
                            "chats",
                            "kind",
                            "chat",
                            "chat",
                            Map.of("provider", "scripted", "policy", "enqueue"))));
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
            JsonNode body = Gateway.JSON.readTree(taken.body());
            assertThat(body.at("/waiting_for/reason").asString())
                    .as(taken.body())
                    .isNotEmpty();
            chats.add(Chat.of(gateway, body.get("run_id").asString()));
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(gateway.get("/v1/status").body()).contains("Nobody decides at the moment"));

        assertThat(known.trySubmit("Recorded", Chat.words(2, 1)).statusCode()).isEqualTo(202);
        for (Chat chat : chats) {
            for (Gateway any : List.of(gateway, other)) {
                for (String route : List.of("", "/events", "/messages", "/checkpoint")) {
                    HttpResponse<String> answer = any.get("/v1/runs/" + chat.run + route);
                    assertThat(answer.statusCode())
                            .as(route + ": " + answer.body())
                            .isEqualTo(503);
                    assertThat(answer.headers().firstValue("retry-after")).isPresent();
                }
                assertThat(chat.through(any).trySubmit("Hello", Map.of()).statusCode())
                        .isEqualTo(503);
            }
        }

        try (EventStream waiting = other.stream(chats.getFirst().run)) {
            SharedStack.member("coordinator-1").start();
            waiting.await("run.created", SOON);
        }
        for (Chat chat : chats) {
            await().atMost(SOON).until(() -> gateway.get("/v1/runs/" + chat.run).statusCode() == 200);
            chat.submit("Hello", Chat.words(2, 1));
        }
        gateway.awaitStatus(known.run, "idle", SOON);
        assertThat(known.messages().at("/turns/0/status").asString()).isEqualTo("succeeded");
        assertThat(gateway.get("/v1/runs/r-0000000000000000").statusCode()).isEqualTo(404);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(gateway.get("/v1/status").body()).contains("Every command is decided."));
    }
}
