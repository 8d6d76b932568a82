package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.Restarts;
import io.tailrace.local.stack.StackStatus;
import io.tailrace.local.stack.StackStatus.Member;
import io.tailrace.local.stack.StackStatus.State;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

    private static final Instant ENDED = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void saysHowOftenAndWhyAProcessWasStartedAgain() {
        Restarts restarts = new Restarts(3, Optional.of(137), ENDED, Optional.empty());

        assertThat(StatusCommand.line(member(State.READY, Optional.of(restarts))))
                .contains("gateway-1", "ready", "127.0.0.1:8080", "restarts 3, ended at ", "(exit code 137)")
                .doesNotContain("starts again");
    }

    @Test
    void saysWhenAProcessThatWaitsIsStartedAgain() {
        Restarts restarts = new Restarts(3, Optional.empty(), ENDED, Optional.of(ENDED.plusSeconds(8)));

        assertThat(StatusCommand.line(member(State.ENDED, Optional.of(restarts))))
                .contains("ended", "(exit code not known), starts again at ");
    }

    @Test
    void saysNothingOfAProcessThatNeverDied() {
        assertThat(StatusCommand.line(member(State.READY, Optional.empty()))).doesNotContain("restarts");
    }

    @Test
    void saysHowToolsLogInToASecuredKafka() {
        StackStatus.Tools tools = new StackStatus.Tools(Path.of("/d/client.properties"), Path.of("/d/kcat.conf"));

        assertThat(StatusCommand.kafka(status(Optional.of(tools))))
                .containsExactly(
                        "Kafka: 127.0.0.1:9092, secured (SASL_SSL, SCRAM-SHA-512). As its administrator:",
                        "  kafka-topics.sh --bootstrap-server 127.0.0.1:9092 --command-config /d/client.properties"
                                + " --list",
                        "  kcat -F /d/kcat.conf -L    # librdkafka 2.6.1 or later");
        assertThat(StatusCommand.kafka(status(Optional.empty()))).containsExactly("Kafka: 127.0.0.1:9092");
    }

    @Test
    void whatItShowsCanBePastedIntoAShellWhateverTheFolderIsCalled() {
        StackStatus.Tools tools =
                new StackStatus.Tools(Path.of("/my data/client.properties"), Path.of("/it's/kcat.conf"));

        assertThat(StatusCommand.kafka(status(Optional.of(tools))))
                .anyMatch(it -> it.endsWith(" --command-config '/my data/client.properties' --list"))
                .anyMatch(it -> it.contains("kcat -F '/it'\\''s/kcat.conf' -L "));
    }

    private static StackStatus status(Optional<StackStatus.Tools> tools) {
        return new StackStatus(Path.of("/d"), "127.0.0.1:9092", tools, StackStatus.Supervision.NONE, List.of());
    }

    private static Member member(State state, Optional<Restarts> restarts) {
        return new Member("gateway-1", state, 8080, Optional.empty(), Path.of("log"), restarts);
    }
}
