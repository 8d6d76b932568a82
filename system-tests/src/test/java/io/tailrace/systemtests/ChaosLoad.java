package io.tailrace.systemtests;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * Clients that make builds and hold chats through two gateways, as programs should: with an {@code Idempotency-Key}, and
 * again when an answer does not come. Each run has a watcher at each gateway.
 */
final class ChaosLoad {
    static final String WORKSPACE = "chaos";

    private static final Duration AGAIN = Duration.ofMillis(300);
    /** A command is accepted, and a turn answered, in this time, whatever happens meanwhile. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A run with those who watch it. */
    record Watched(String run, boolean isChat, List<ChaosWatcher> watchers) {}

    private final List<Gateway> gateways;
    private final ChaosFindings findings;
    private final long seed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch watchersGiveUp = new CountDownLatch(1);
    private final List<Watched> runs = new CopyOnWriteArrayList<>();
    private final List<Thread> clients = new ArrayList<>();

    ChaosLoad(List<Gateway> gateways, long seed, ChaosFindings findings) {
        this.gateways = gateways;
        this.seed = seed;
        this.findings = findings;
    }

    void begin(int builders, int chatters) {
        for (int i = 0; i < builders; i++) {
            String name = "builder-" + i;
            clients.add(Thread.ofVirtual().name(name).start(() -> repeat(name, this::build)));
        }
        for (int i = 0; i < chatters; i++) {
            String name = "chatter-" + i;
            clients.add(Thread.ofVirtual().name(name).start(() -> repeat(name, this::chat)));
        }
    }

    /** No new runs; returns when what was begun is done. */
    void end() throws InterruptedException {
        stop.countDown();
        for (Thread client : clients) {
            if (!client.join(PATIENCE.multipliedBy(3))) {
                findings.isWrong(client.getName() + " waits for ever");
            }
        }
    }

    void dismissWatchers() {
        watchersGiveUp.countDown();
    }

    List<Watched> runs() {
        return List.copyOf(runs);
    }

    /** One client's doing, step by step; a step gets its own randomness. */
    private interface Step {
        void take(String key, Random random) throws InterruptedException;
    }

    private void repeat(String name, Step step) {
        Random random = new Random(seed * 31 + name.hashCode());
        try {
            for (int i = 0; stop.getCount() > 0; i++) {
                step.take(seed + "-" + name + "-" + i, new Random(random.nextLong()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError failed) {
            findings.isWrong(name + " gave up: " + failed);
        }
    }

    /** Up to three builds of a client at once. */
    private void build(String key, Random random) throws InterruptedException {
        List<String> made = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            Map<String, Object> request = Plans.with(
                    random.nextInt(4) == 0
                            ? Plans.run(List.of(Plans.step(script(random)), Plans.step(script(random))))
                            : Plans.build(script(random)),
                    "workspace",
                    WORKSPACE);
            made.add(create(request, key + "-" + i, random, false));
        }
        for (String run : made) {
            awaitStatus(run, List.of("succeeded", "failed", "canceled"));
        }
        boolean _ = stop.await(random.nextInt(1_000), TimeUnit.MILLISECONDS);
    }

    private static Map<String, Object> script(Random random) {
        String body = random.nextInt(8) == 0
                ? "seq 4000"
                : "for i in $(seq " + (5 + random.nextInt(60)) + "); do echo line $i; sleep 0.1; done";
        return Plans.sh("work", body);
    }

    private void chat(String key, Random random) {
        String run = create(
                Map.of(
                        "workspace",
                        WORKSPACE,
                        "kind",
                        "chat",
                        "chat",
                        Map.of("provider", "scripted", "policy", "enqueue")),
                key,
                random,
                true);
        int turns = 1 + random.nextInt(5);
        for (int i = 0; i < turns && stop.getCount() > 0; i++) {
            String body = Gateway.JSON.writeValueAsString(Map.of(
                    "text", "Question " + i, "script", Chat.words(5 + random.nextInt(60), 20 + random.nextInt(60))));
            String path = "/v1/runs/" + run + "/turns";
            JsonNode first = accepted(path, body, key + "-" + i, random);
            if (random.nextInt(3) == 0) {
                JsonNode again = accepted(path, body, key + "-" + i, random);
                sameId("turn_id", first, again, path);
            }
            findings.count("turns");
            awaitStatus(run, List.of("idle"));
        }
        accepted("/v1/runs/" + run + "/close", "", key + "-close", random);
        awaitStatus(run, List.of("succeeded", "failed", "canceled"));
    }

    private String create(Map<String, ?> request, String key, Random random, boolean isChat) {
        String body = Gateway.JSON.writeValueAsString(request);
        JsonNode first = accepted("/v1/runs", body, key, random);
        String run = first.get("run_id").asString();
        runs.add(new Watched(
                run,
                isChat,
                List.of(
                        ChaosWatcher.of(run, gateways, findings, watchersGiveUp),
                        ChaosWatcher.of(run, gateways.reversed(), findings, watchersGiveUp))));
        findings.count(isChat ? "chats" : "builds");
        if (random.nextInt(3) == 0) {
            sameId("run_id", first, accepted("/v1/runs", body, key, random), "/v1/runs");
        }
        return run;
    }

    private void sameId(String field, JsonNode first, JsonNode again, String path) {
        findings.count("repeated commands");
        if (!first.path(field).asString("").equals(again.path(field).asString(""))) {
            findings.isWrong("repeated, POST " + path + " made a second one: " + first + " and " + again);
        }
    }

    /** Sends a command until it is accepted. Whoever knows the run was told of it: 404 is wrong then. */
    private JsonNode accepted(String path, String body, String key, Random random) {
        int first = random.nextInt(gateways.size());
        for (int attempt = 0; attempt * AGAIN.toMillis() < PATIENCE.toMillis(); attempt++) {
            Gateway gateway = gateways.get((first + attempt) % gateways.size());
            try {
                HttpResponse<String> answer = gateway.post(path, body, key);
                findings.count("commands answered " + answer.statusCode());
                switch (answer.statusCode()) {
                    case 200, 201, 202 -> {
                        return Gateway.JSON.readTree(answer.body());
                    }
                    case 503 -> {
                        // as it should be told
                    }
                    default ->
                        findings.refused(
                                "POST " + path + " with key " + key + ": " + answer.body(), answer.statusCode());
                }
            } catch (UncheckedIOException away) {
                findings.count("commands unanswered");
            }
            pause();
        }
        throw new AssertionError("POST " + path + " with key " + key + " is not accepted");
    }

    private void awaitStatus(String run, List<String> wanted) {
        Awaitility.await("status of " + run + " in " + wanted)
                .atMost(PATIENCE)
                .pollInterval(AGAIN)
                .until(() -> wanted.contains(status(run)));
    }

    /** Empty when nobody says. */
    private String status(String run) {
        for (Gateway gateway : gateways) {
            try {
                HttpResponse<String> answer = gateway.get("/v1/runs/" + run);
                if (answer.statusCode() == 200) {
                    return Gateway.JSON.readTree(answer.body()).get("status").asString();
                }
                findings.refused("GET of " + run + ": " + answer.body(), answer.statusCode());
            } catch (UncheckedIOException away) {
                findings.count("questions unanswered");
            }
        }
        return "";
    }

    private void pause() {
        try {
            boolean _ = watchersGiveUp.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
