package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.OrderlyEnd;
import io.tailrace.local.stack.StackStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DetachedStartTest {

    @TempDir
    Path data;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void showsWhatTheSupervisorSaysAndLeavesItThere() throws Exception {
        assertThat(run(FakeUp.STAYS)).isZero();

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("  broker-1 ready", "Tailrace is ready");
        assertThat(StackStatus.of(data).supervision()).isEqualTo(StackStatus.Supervision.RUNS);
        long pid = StackStatus.supervisor(data).orElseThrow();
        OrderlyEnd.of(data, name -> {});
        ProcessHandle.of(pid)
                .ifPresent(process ->
                        process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }

    @Test
    void passesOnWhyNothingWasStarted() throws Exception {
        assertThat(run(FakeUp.FAILS)).isEqualTo(3);

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("  broker-1 ready", "tailrace: port 8080 is in use");
        assertThat(StackStatus.supervisor(data)).isEmpty();
    }

    private int run(String how) throws IOException {
        return new DetachedStart(data, data, new PrintStream(said, true, StandardCharsets.UTF_8))
                .run(FakeUp.class.getName(), List.of(data.toString(), how));
    }
}
