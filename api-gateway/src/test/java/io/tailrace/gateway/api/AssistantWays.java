package io.tailrace.gateway.api;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** A way to each status of the routes of assistants. */
record AssistantWays(TestGateway gateway, TestGateway cutOff, ScriptedCoordinator coordinator) {
    private static final String ALL = "/v1/assistants";
    private static final String EXECUTIONS = "/api/assistant-architect/executions";
    /** Checked with whatever providers other tests have recorded. */
    private static final String DOCUMENT = """
            {"prompts":[{"id":1,"name":"a","text":"Hello?","provider":"scripted","model":"scripted-1"}]}""";

    void addTo(Map<String, Supplier<Answer>> ways) {
        ways.put("get " + ALL + " 200", () -> gateway.get(ALL));
        ways.put("get " + ALL + " 400", () -> gateway.get(ALL + "?x=1"));
        ways.put("get " + ALL + " 503", () -> cutOff.get(ALL));
        String put = "put " + ALL + "/{name} ";
        ways.put(put + 200, () -> put(gateway, made(), DOCUMENT));
        ways.put(put + 201, () -> put(gateway, ALL + "/a" + UUID.randomUUID(), DOCUMENT));
        ways.put(put + 400, () -> put(gateway, ALL + "/a", "[]"));
        ways.put(put + 413, () -> put(gateway, ALL + "/a", OpenApiTest.TOO_LONG));
        ways.put(put + 415, () -> gateway.send("PUT", ALL + "/a", DOCUMENT));
        ways.put(put + 422, () -> put(gateway, ALL + "/a", "{}"));
        ways.put(put + 503, () -> put(cutOff, ALL + "/a", DOCUMENT));
        for (String method : new String[] {"get", "delete"}) {
            String one = method + " " + ALL + "/{name} ";
            String sent = method.equals("get") ? "GET" : "DELETE";
            ways.put(one + (method.equals("get") ? 200 : 204), () -> gateway.send(sent, made(), ""));
            ways.put(one + 400, () -> gateway.send(sent, ALL + "/-", ""));
            ways.put(one + 404, () -> gateway.send(sent, ALL + "/nix", ""));
            ways.put(one + 503, () -> cutOff.send(sent, ALL + "/nix", ""));
        }
        String check = "post " + ALL + "/{name}/check ";
        ways.put(check + 200, () -> gateway.send("POST", made() + "/check", ""));
        ways.put(check + 400, () -> gateway.post(made() + "/check", "[]"));
        ways.put(check + 404, () -> gateway.post(ALL + "/nix/check", "{}"));
        ways.put(check + 413, () -> gateway.post(made() + "/check", OpenApiTest.TOO_LONG));
        ways.put(check + 415, () -> gateway.send("POST", made() + "/check", "{}"));
        ways.put(check + 503, () -> cutOff.post(ALL + "/nix/check", "{}"));
        executions(ways);
    }

    private void executions(Map<String, Supplier<Answer>> ways) {
        ChatWays commands = new ChatWays(gateway, cutOff, coordinator);
        String post = "post " + EXECUTIONS + " ";
        ways.put(post + 200, () -> commands.twice(EXECUTIONS, body()));
        ways.put(post + 201, () -> gateway.post(EXECUTIONS, body()));
        ways.put(post + 202, () -> commands.heldBack(EXECUTIONS, body()));
        ways.put(post + 400, () -> gateway.post(EXECUTIONS, "{}"));
        ways.put(post + 409, () -> {
            String key = UUID.randomUUID().toString();
            gateway.post(EXECUTIONS, body(), "Idempotency-Key", key);
            return gateway.post(EXECUTIONS, body().replace("}", ",\"title\":\"t\"}"), "Idempotency-Key", key);
        });
        ways.put(post + 413, () -> gateway.post(EXECUTIONS, OpenApiTest.TOO_LONG));
        ways.put(post + 415, () -> gateway.send("POST", EXECUTIONS, body()));
        ways.put(post + 422, () -> gateway.post(EXECUTIONS, "{\"assistant\":\"nix\"}"));
        ways.put(post + 503, () -> cutOff.post(EXECUTIONS, "{\"assistant\":\"nix\"}"));
    }

    private String body() {
        return "{\"assistant\":\"" + made().substring(ALL.length() + 1) + "\"}";
    }

    /** The path of an assistant that is there. */
    private String made() {
        String path = ALL + "/ways";
        put(gateway, path, DOCUMENT);
        return path;
    }

    private static Answer put(TestGateway at, String path, String body) {
        return at.send("PUT", path, body, "Content-Type", "application/json");
    }
}
