package io.tailrace.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.process.FreePorts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadyWaitTest {

    @Test
    void gatewayThatEndsBeforeItWasReadyLeavesNothingWaiting() throws Exception {
        ReadyWait line;
        try (TestGateway gateway =
                TestGateway.startOn("127.0.0.1:" + FreePorts.pick(1).getFirst())) {
            line = gateway.context().getBean(ReadyWait.class);
            assertThat(line.isWaiting()).isTrue();
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !line.isWaiting());
    }
}
