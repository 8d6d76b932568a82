package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandPartitionTest {
    private static final Instant READ = Instant.parse("2026-11-29T10:00:00Z");

    private final CommandPartition commands = new CommandPartition(new CommandProgress(10, Optional.of(READ)));

    @Test
    void whatLiesBehindTheMarkIsNew() {
        assertThat(commands.isNew(12, READ.minusSeconds(60))).isTrue();
        assertThat(commands.progress()).isEqualTo(new CommandProgress(13, Optional.of(READ.minusSeconds(60))));
    }

    @Test
    void whatWasReadBeforeIsNotDecidedAgain() {
        assertThat(commands.isNew(0, READ.minusSeconds(60))).isFalse();
        assertThat(commands.progress().nextOffset()).isEqualTo(10);
    }

    @Test
    void whatLiesBeforeTheMarkAndIsYoungerIsNew() {
        assertThat(commands.isNew(3, READ.plusSeconds(1))).isTrue();
        assertThat(commands.progress()).isEqualTo(new CommandProgress(4, Optional.of(READ.plusSeconds(1))));
    }

    @Test
    void withoutAMarkAllIsNew() {
        assertThat(new CommandPartition(CommandProgress.START).isNew(0, READ)).isTrue();
    }
}
