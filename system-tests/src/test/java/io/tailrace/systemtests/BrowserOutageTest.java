package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The broker is away, connections break meanwhile, and a browser's own EventSource goes on by itself. */
@Timeout(500)
@ExtendWith(RunPageBrowser.class)
class BrowserOutageTest {
    private static final Duration AWAY = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(150);

    private final Gateway gateway = SharedStack.gateway(1);
    private final Chromium browser;

    BrowserOutageTest(Chromium browser) {
        this.browser = browser;
    }

    /** What happens to the broker. */
    enum Outage {
        KILLED {
            @Override
            void begin(StackMember broker) {
                broker.kill();
            }

            @Override
            void end(StackMember broker) throws Exception {
                broker.start();
            }
        },
        FROZEN {
            @Override
            void begin(StackMember broker) {
                broker.pause();
            }

            @Override
            void end(StackMember broker) {
                broker.resume();
            }
        };

        abstract void begin(StackMember broker);

        abstract void end(StackMember broker) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void anEventSourceHasEveryEventOnceWithoutAReload(Outage outage) throws Exception {
        StackMember broker = SharedStack.member("broker-1");
        Chat chat = create();
        try (CuttingRelay relay = CuttingRelay.onDemand(gateway.uri("/"))) {
            browser.open(relay.uri("/"));
            browser.run("""
                    const source = new EventSource(arguments[0]);
                    window.watch = { source, opened: 0, seen: [] };
                    source.onopen = () => window.watch.opened++;
                    for (const type of arguments[1]) {
                      source.addEventListener(type, (event) => window.watch.seen.push([type, event.data]));
                    }
                    """, "/v1/runs/" + chat.run + "/stream", EventTypes.OF_CHATS);
            turn(chat, "before-the-outage", Chat.words(50, 5));
            awaitSeen(events(chat).size());

            long began = System.nanoTime();
            outage.begin(broker);
            try {
                relay.cutNow();
                Awaitility.await("an answer while the broker is away")
                        .atMost(SOON)
                        .until(() -> watch("opened").asInt() >= 2
                                || watch("source.readyState").asInt() == 2);
                Awaitility.await("the time of the outage")
                        .atMost(SOON)
                        .until(() -> System.nanoTime() - began > AWAY.toNanos());
                assertThat(watch("source.readyState").asInt())
                        .as("2: closed for good")
                        .isLessThan(2);
            } finally {
                outage.end(broker);
            }
            turn(chat, "after-the-outage", Chat.words(20, 5));
            repeated("the chat is closed", () -> {
                chat.close();
                return gateway.status(chat.run).equals("succeeded");
            });

            List<JsonNode> events = events(chat);
            awaitSeen(events.size());
            // The answer to the connection after the end is 204.
            Awaitility.await("the end")
                    .atMost(SOON)
                    .until(() -> watch("source.readyState").asInt() == 2);
            assertThat(numbered()).as(this::story).isEqualTo(events);
        }
    }

    /**
     * What a patient client does: it comes again after a 503, and after an answer that was lost. Whatever has ended itself,
     * as a coordinator may that cannot tell what was committed, is started again as its supervisor would.
     */
    private static void repeated(String what, Callable<Boolean> attempt) {
        Awaitility.await(what)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    for (StackMember member : SharedStack.get().members()) {
                        if (!member.isAlive()) {
                            member.launch();
                        }
                    }
                    assertThat(attempt.call()).as(what).isTrue();
                });
    }

    /** Its creation may take as long as it likes: what is watched is the stream. */
    private Chat create() {
        String key = UUID.randomUUID().toString();
        String body = Gateway.JSON.writeValueAsString(Map.of(
                "workspace", "chats", "kind", "chat", "chat", Map.of("provider", "scripted", "policy", "enqueue")));
        List<String> run = new ArrayList<>();
        repeated("a chat", () -> {
            HttpResponse<String> answer = gateway.post("/v1/runs", body, key);
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(202);
            run.add(Gateway.JSON.readTree(answer.body()).get("run_id").asString());
            return true;
        });
        return Chat.of(gateway, run.getLast());
    }

    private void turn(Chat chat, String key, Map<String, ?> script) {
        String body = Gateway.JSON.writeValueAsString(Map.of("text", key, "script", script));
        repeated(key, () -> {
            HttpResponse<String> answer = gateway.post("/v1/runs/" + chat.run + "/turns", body, key);
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(202);
            return true;
        });
        repeated(key + " is answered", () -> gateway.status(chat.run).equals("idle"));
    }

    private static List<JsonNode> events(Chat chat) {
        List<JsonNode> events = new ArrayList<>();
        repeated("the events", () -> {
            events.clear();
            return events.addAll(chat.events());
        });
        return events;
    }

    private JsonNode watch(String what) {
        return browser.run("return window.watch." + what);
    }

    private List<JsonNode> numbered() {
        return watch("seen")
                .valueStream()
                .filter(it -> !it.get(0).asString().startsWith("stream.")
                        && !it.get(0).asString().equals("run.notice"))
                .map(it -> Gateway.JSON.readTree(it.get(1).asString()))
                .toList();
    }

    /** What a failure shows: the types that came, frames of the stream too, and whether the browser goes on. */
    private String story() {
        return "readyState " + watch("source.readyState") + ", opened " + watch("opened") + ", seen "
                + watch("seen").valueStream().map(it -> it.get(0).asString()).toList();
    }

    private void awaitSeen(int count) {
        Awaitility.await("events in the browser")
                .atMost(SOON)
                .untilAsserted(
                        () -> assertThat(numbered().size()).as(this::story).isGreaterThanOrEqualTo(count));
    }
}
