package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        Chat chat = Chat.create(gateway, "enqueue");
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
            turn(chat);
            awaitSeen(chat.events().size());

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
            String again = Gateway.JSON.writeValueAsString(Map.of("text", "Again", "script", Chat.words(20, 5)));
            Awaitility.await("a turn after the outage")
                    .atMost(SOON)
                    .until(() -> gateway.post("/v1/runs/" + chat.run + "/turns", again, "after-the-outage")
                                    .statusCode()
                            < 202);
            gateway.awaitStatus(chat.run, "idle", SOON);
            chat.close();
            gateway.awaitStatus(chat.run, "succeeded", SOON);

            List<JsonNode> events = chat.events();
            awaitSeen(events.size());
            // The answer to the connection after the end is 204.
            Awaitility.await("the end")
                    .atMost(SOON)
                    .until(() -> watch("source.readyState").asInt() == 2);
            assertThat(numbered()).isEqualTo(events);
        }
    }

    private void turn(Chat chat) {
        chat.submit("Begin", Chat.words(50, 5));
        gateway.awaitStatus(chat.run, "idle", SOON);
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

    private void awaitSeen(int count) {
        Awaitility.await("events in the browser")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(numbered()).hasSizeGreaterThanOrEqualTo(count));
    }
}
