package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A standard SSE client that is not ours loses its gateway and resumes by itself. */
@Timeout(120)
class StandardClientTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void readsLosesItsConnectionAndResumesWithoutLossOrDouble() throws Exception {
        Gateway gateway = SharedStack.gateway(1);
        String run = gateway.create(
                Plans.build(Plans.sh("count", "for i in $(seq 200); do echo line $i; sleep 0.02; done")));
        List<JsonNode> seen = new ArrayList<>();
        try (EventSource source = new EventSource.Builder(
                        ConnectStrategy.http(gateway.uri("/v1/runs/" + run + "/stream")))
                .errorStrategy(ErrorStrategy.alwaysContinue())
                .build()) {
            source.start();
            boolean killed = false;
            boolean ended = false;
            while (!ended) {
                MessageEvent message = source.readMessage();
                String event = message.getEventName();
                if (event.equals("stream.end")) {
                    ended = true;
                } else if (!event.startsWith("stream.") && !event.equals("run.notice")) {
                    seen.add(Gateway.JSON.readTree(message.getData()));
                }
                if (!killed && message.getData().contains("line 60")) {
                    killed = true;
                    SharedStack.member("gateway-1").kill();
                    SharedStack.member("gateway-1").start();
                }
            }
            assertThat(killed).isTrue();
        }
        KillTest.assertGapFree(seen);
        gateway.awaitStatus(run, "succeeded", SOON);
        assertThat(seen).isEqualTo(SharedStack.gateway(2).events(run));
    }
}
