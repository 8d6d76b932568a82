package io.tailrace.gateway.chat;

import io.tailrace.gateway.testing.DecidedGateway;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bad requests about turns get: a status, a code and a field. */
class BadTurnTest {
    private static final String HELLO = "{\"text\":\"hello\"}";
    private static final String UNKNOWN_RUN = "/v1/runs/r-0000000000000000";

    private static TestGateway gateway;
    private static DecidedGateway decided;

    @BeforeAll
    static void start() {
        decided = DecidedGateway.start("tailrace.gateway.api.max-body=4KB");
        gateway = decided.gateway();
    }

    @AfterAll
    static void stop() {
        decided.close();
    }

    private static String created(String members) {
        return "/v1/runs/"
                + gateway.post("/v1/runs", "{\"workspace\":\"demo\"," + members + "}")
                        .text("run_id");
    }

    private static String chat() {
        return created("\"kind\":\"chat\",\"chat\":{\"provider\":\"scripted\"}");
    }

    private static String build() {
        return created("\"plan\":[{\"step\":\"build\",\"recipe\":\"commands\",\"definition\":\"hello\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/turns,{\"text\":\"a\"}",
        "GET,/turns/turn-1,",
        "POST,/turns/turn-1/cancel,",
        "POST,/turns/turn-1/retry,",
        "POST,/close,",
        "GET,/messages,",
        "GET,/checkpoint,"
    })
    void onlyChatsHaveTurns(String method, String path, @org.jspecify.annotations.Nullable String body) {
        String sent = body == null ? "" : body;
        String[] headers = sent.isEmpty() ? new String[0] : new String[] {"Content-Type", "application/json"};
        Refusal.check(gateway.send(method, build() + path, sent, headers), 409, "not_a_chat", "");
        Refusal.check(gateway.send(method, UNKNOWN_RUN + path, sent, headers), 404, "unknown_run", "");
        Refusal.check(gateway.send(method, "/v1/runs/X" + path, sent, headers), 400, "malformed_run_id", "run_id");
    }

    @Test
    void anUnknownTurnIsNotFound() {
        String turn = chat() + "/turns/t-00000000";
        Refusal.check(gateway.get(turn), 404, "unknown_turn", "turn_id");
        Refusal.check(gateway.post(turn + "/cancel", "{}"), 404, "unknown_turn", "turn_id");
        Refusal.check(gateway.post(turn + "/retry", "{}"), 404, "unknown_turn", "turn_id");
        String malformed = chat() + "/turns/T";
        Refusal.check(gateway.get(malformed), 400, "malformed_turn_id", "turn_id");
        Refusal.check(gateway.post(malformed + "/cancel", "{}"), 400, "malformed_turn_id", "turn_id");
        Refusal.check(gateway.post(malformed + "/retry", "{}"), 400, "malformed_turn_id", "turn_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|missing_field|text",
                "{\"text\":\"  \"}|invalid_value|text",
                "{\"text\":7}|wrong_type|text",
                "{\"text\":\"a\",\"model\":\"m\"}|missing_field|provider",
                "{\"text\":\"a\",\"provider\":\"A B\"}|invalid_value|provider",
                "{\"text\":\"a\",\"generation\":{\"temperature\":9}}|out_of_range|generation.temperature",
                "{\"text\":\"a\",\"generation\":{\"colour\":1}}|unknown_field|generation.colour",
                "{\"text\":\"a\",\"role\":\"system\"}|unknown_field|role",
                "[]|wrong_type|''",
                "{|malformed_json|''"
            })
    void aBadTurnIsNamed(String body, String code, String field) {
        Refusal.check(gateway.post(chat() + "/turns", body), 400, code, field);
    }

    @Test
    void bodiesAreBoundedAndJson() {
        String chat = chat();
        String large = "{\"text\":\"" + "a".repeat(5000) + "\"}";
        for (String path : List.of("/turns", "/turns/turn-1/cancel", "/turns/turn-1/retry", "/close")) {
            Refusal.check(gateway.post(chat + path, large), 413, "body_too_large", "");
            Refusal.check(gateway.send("POST", chat + path, "{}"), 415, "unsupported_media_type", "Content-Type");
            Refusal.check(gateway.post(chat + path, "{\"nix\":1}"), 400, "unknown_field", "nix");
        }
        Refusal.check(
                gateway.post(chat + "/turns", HELLO, "Idempotency-Key", ""),
                400,
                "invalid_idempotency_key",
                "Idempotency-Key");
        Refusal.check(gateway.get(chat + "/turns/turn-1?x=1"), 400, "unknown_parameter", "x");
    }
}
