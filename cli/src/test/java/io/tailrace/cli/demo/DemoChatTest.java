package io.tailrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoChatTest {
    @Test
    void theFileHasTwoTurnsThatAreLongEnoughToBeCutInTheMiddle() throws Exception {
        DemoChat chat = DemoChat.read(Path.of("..").toAbsolutePath().normalize());
        assertThat(chat.request().at("/chat/provider").asText()).isEqualTo("scripted");
        assertThat(chat.turns()).allSatisfy(turn -> {
            assertThat(turn.question()).isNotBlank();
            assertThat(turn.answer().split(" ")).hasSizeGreaterThan(40);
            assertThat(turn.request().at("/script/pace_ms").asInt()).isPositive();
        });
    }
}
