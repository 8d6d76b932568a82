package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a stream has to be behind any proxy: one chat, watched through it from its beginning to the end. */
final class ProxyTrial {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Less than half of what is between heartbeats: an event that is held until the next write is later. */
    private static final Duration AT_ONCE = Duration.ofMillis(1_800);

    private static final int TRIES = 5;
    private static final String NEVER_KEPT = "no-cache, no-transform";

    private final RunningProxy proxy;
    private final Gateway gateway;
    private final Chat chat;
    private final String path;

    ProxyTrial(RunningProxy proxy, Gateway gateway) {
        this.proxy = proxy;
        this.gateway = gateway;
        this.chat = Chat.create(gateway, "enqueue");
        this.path = "/v1/runs/" + chat.run + "/stream";
    }

    void run() throws Exception {
        List<JsonNode> seen = new ArrayList<>();
        String last;
        try (PassedStream watcher = open("")) {
            theHeaderComesWithAFirstByteAndUncompressed(watcher);
            aQuietTimeIsPassedOn(watcher);
            anEventIsPassedOnBeforeTheNextIsWritten(watcher);
            proxy.startAgain();
            seen.addAll(watcher.events());
            last = watcher.lastEventId();
        }
        turn();
        try (PassedStream rest = open(last)) {
            rest.awaitEvents(chat.events().size() - seen.size(), SOON);
            assertThat(chat.close().statusCode()).isBetween(200, 202);
            rest.awaitFrame("stream.end", SOON);
            seen.addAll(rest.events());
            assertThat(seen).as("before and after the proxy's end").isEqualTo(chat.events());
            whoHasAllHidesNothing(rest.lastEventId());
        }
    }

    private PassedStream open(String lastEventId) throws Exception {
        return new PassedStream(proxy.gateway(), path, lastEventId);
    }

    private static void theHeaderComesWithAFirstByteAndUncompressed(PassedStream watcher) {
        assertThat(watcher.status()).isEqualTo(200);
        assertThat(watcher.header("Cache-Control")).isEqualTo(NEVER_KEPT);
        assertThat(watcher.header("Content-Type")).startsWith("text/event-stream");
        assertThat(watcher.header("Content-Encoding")).isEmpty();
        watcher.awaitFrame("stream.open", SOON);
    }

    /** More than five seconds. */
    private static void aQuietTimeIsPassedOn(PassedStream watcher) {
        watcher.awaitEvents(2, SOON);
        watcher.awaitHeartbeats(watcher.heartbeats() + 2, SOON);
    }

    /** The last event of a turn is followed by nothing. Tried again, because a busy machine is late too. */
    private void anEventIsPassedOnBeforeTheNextIsWritten(PassedStream watcher) throws Exception {
        try (PassedStream direct = new PassedStream(gateway, path, "")) {
            List<Duration> late = new ArrayList<>();
            while (late.isEmpty() || late.getLast().compareTo(AT_ONCE) > 0) {
                assertThat(late).as("how late a single event was, each time").hasSizeLessThan(TRIES);
                turn();
                int events = chat.events().size();
                direct.awaitEvents(events, SOON);
                long written = System.nanoTime();
                watcher.awaitEvents(events, SOON);
                late.add(Duration.ofNanos(System.nanoTime() - written));
            }
        }
    }

    private void turn() {
        chat.submit("Say one word.", Chat.words(1, 0));
        gateway.awaitStatus(chat.run, "idle", SOON);
    }

    /** The 204 of a watcher at the end is kept by nobody. */
    private void whoHasAllHidesNothing(String end) throws Exception {
        try (PassedStream finished = open(end)) {
            assertThat(finished.status()).isEqualTo(204);
            assertThat(finished.header("Cache-Control")).isEqualTo(NEVER_KEPT);
        }
        try (PassedStream next = open("")) {
            assertThat(next.status()).isEqualTo(200);
            next.awaitFrame("stream.end", SOON);
            assertThat(next.events()).isEqualTo(chat.events());
        }
    }
}
