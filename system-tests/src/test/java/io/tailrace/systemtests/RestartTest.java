package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.StackStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Everything is killed at once, and everything is still there. */
@Timeout(400)
class RestartTest {
    private static final Duration SOON = Duration.ofSeconds(150);

    @Test
    void everyRunIsStillThereAfterEverythingWasKilledAndTheUnfinishedOneIsFinished(@TempDir Path data)
            throws Exception {
        StackOptions options =
                StackOptions.forTests(data).buildWorkers(1).partitions(2).build();
        String finished;
        String unfinished;
        List<JsonNode> events;
        String cursor;
        try (LocalStack stack = LocalStack.start(options)) {
            Gateway gateway = new Gateway(stack.gateway(1));
            finished = gateway.create(Plans.build(Plans.sh("a", "seq 20")));
            gateway.awaitStatus(finished, "succeeded", SOON);
            events = gateway.events(finished);
            unfinished = gateway.create(Plans.build(Plans.sh("a", "echo begun; sleep 4; echo done")));
            try (EventStream stream = gateway.stream(unfinished)) {
                stream.awaitLine("begun", SOON);
                cursor = stream.lastEventId();
            }
            assertThatThrownBy(() -> LocalStack.start(options))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining(data.toString());
            for (StackMember member : stack.members()) {
                member.kill();
            }
        }
        try (LocalStack stack = LocalStack.start(options)) {
            Gateway gateway = new Gateway(stack.gateway(1));
            assertThat(gateway.events(finished)).isEqualTo(events);
            try (EventStream rest = gateway.resume(unfinished, cursor)) {
                rest.awaitEnd(SOON);
                JsonNode claim = rest.await("attempt.started", SOON).json();
                assertThat(claim.get("attempt").asInt()).isEqualTo(2);
                assertThat(rest.find(it -> it.data().contains("\"done\""))).isPresent();
            }
            gateway.awaitStatus(unfinished, "succeeded", SOON);
            KillTest.assertGapFree(gateway.events(unfinished));
        }
    }
}
