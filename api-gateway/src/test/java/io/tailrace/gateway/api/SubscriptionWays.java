package io.tailrace.gateway.api;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenRun;
import io.tailrace.local.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Ways to each status of the routes of subscriptions, but for 409 of a gateway that takes one run alone. */
record SubscriptionWays(TestGateway gateway, TestGateway cutOff) {
    private static final String ALL = "/v1/subscriptions";
    private static final String[] JSON = {"Content-Type", "application/json"};

    void addTo(Map<String, Supplier<Answer>> ways) {
        ways.put("get " + ALL + " 200", () -> gateway.get(ALL));
        ways.put("get " + ALL + " 400", () -> gateway.get(ALL + "?x=1"));
        ways.put("get " + ALL + " 503", () -> cutOff.get(ALL));
        String one = ALL + "/{id} ";
        ways.put("put " + one + 201, () -> put(gateway, name(), body(run())));
        ways.put("put " + one + 200, () -> put(gateway, stored(run()), body(run())));
        ways.put("put " + one + 400, () -> put(gateway, name(), "[]"));
        ways.put("put " + one + 409, this::tooMany);
        ways.put("put " + one + 413, () -> put(gateway, name(), OpenApiTest.TOO_LONG));
        ways.put("put " + one + 415, () -> gateway.send("PUT", ALL + "/" + name(), "{}"));
        ways.put("put " + one + 422, () -> put(gateway, name(), body("r-0123456789abcdef")));
        ways.put("put " + one + 503, () -> put(cutOff, name(), body("r-0123456789abcdef")));
        ways.put("get " + one + 200, () -> gateway.get(ALL + "/" + stored(run())));
        ways.put("get " + one + 400, () -> gateway.get(ALL + "/-"));
        ways.put("get " + one + 404, () -> gateway.get(ALL + "/" + name()));
        ways.put("get " + one + 503, () -> cutOff.get(ALL + "/" + name()));
        ways.put("delete " + one + 204, () -> gateway.send("DELETE", ALL + "/" + stored(run()), ""));
        ways.put("delete " + one + 400, () -> gateway.send("DELETE", ALL + "/-", ""));
        ways.put("delete " + one + 404, () -> gateway.send("DELETE", ALL + "/" + name(), ""));
        ways.put("delete " + one + 503, () -> cutOff.send("DELETE", ALL + "/" + name(), ""));
        String stream = "get " + ALL + "/{id}/stream ";
        ways.put(stream + 200, () -> gateway.send("HEAD", ALL + "/" + stored(run()) + "/stream", ""));
        ways.put(stream + 204, this::over);
        ways.put(stream + 400, () -> gateway.get(ALL + "/" + stored(run()) + "/stream?cursor=x"));
        ways.put(stream + 404, () -> gateway.get(ALL + "/" + name() + "/stream"));
    }

    private Answer over() {
        try (WrittenRun run = new WrittenRun(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS)) {
            run.begin().phase().end();
            OpenApiTest.awaitFinal(run.id());
            String cursor = gateway.get("/v1/runs/" + run.id()).text("cursor");
            return gateway.get(ALL + "/" + stored(run.id().value()) + "/stream?cursor=" + cursor);
        }
    }

    private Answer tooMany() {
        try (TestGateway small = TestGateway.start("tailrace.gateway.subscriptions.max-runs=1")) {
            return put(small, name(), body(run() + "\",\"" + run()));
        }
    }

    private static Answer put(TestGateway at, String name, String body) {
        return at.put(ALL + "/" + name, body.getBytes(StandardCharsets.UTF_8), JSON);
    }

    private String stored(String run) {
        String name = name();
        Answer answer = put(gateway, name, body(run));
        if (answer.status() != 201) {
            throw new IllegalStateException(answer.body());
        }
        return name;
    }

    private static String body(String run) {
        return "{\"runs\":[\"" + run + "\"]}";
    }

    private static String name() {
        return "s-" + UUID.randomUUID();
    }

    private static String run() {
        return OpenApiTest.created();
    }
}
