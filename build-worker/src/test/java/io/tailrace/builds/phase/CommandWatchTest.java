package io.tailrace.builds.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.sandbox.isolation.Secrets;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a phase is over whose command has ended: a clock that is moved by hand, a pipe that nobody reads too early. */
class CommandWatchTest {
    private final RecordedLog log = new RecordedLog();
    private final OutputPump pump = new OutputPump(log, PhaseSettings.DEFAULT, Secrets.NONE);
    private final Mailbox mailbox = new Mailbox();
    private boolean somethingRuns;
    private int looks;
    private java.nio.channels.Pipe channel;
    private Pipe pipe;
    private Process process;
    private CommandWatch watch;
    private long exitedAt;

    @BeforeEach
    void end() throws Exception {
        process = new ProcessBuilder("true").start();
        channel = java.nio.channels.Pipe.open();
        pipe = Pipe.open(
                ConsoleStream.STDOUT,
                Channels.newInputStream(channel.source()),
                mailbox,
                PhaseSettings.DEFAULT,
                Optional.empty(),
                (_, _) -> {});
        Phase phase = new Phase("a", "a", List.of("true"), Duration.ofMinutes(1), Map.of(), false);
        watch = new CommandWatch(
                phase,
                1,
                List.of(pipe),
                () -> {
                    looks++;
                    return somethingRuns;
                },
                System.nanoTime());
        exitedAt = System.nanoTime();
        watch.handle(new Input.Exited(process, process.waitFor()), process, exitedAt, 0);
    }

    @AfterEach
    void close() throws IOException {
        channel.sink().close();
    }

    private boolean isOverAfter(Duration time) {
        long now = exitedAt + time.toNanos();
        watch.look(now, pump);
        int looked = looks;
        boolean over = watch.isOver(now, pump);
        assertThat(watch.isOver(now, pump)).as("asked again").isEqualTo(over);
        assertThat(looks).as("a question looks at nothing").isEqualTo(looked);
        return over;
    }

    @Test
    void whatWasSaidLastIsWaitedForWhereNothingRunsThatCouldHoldThePipe() {
        for (long tenths = 0; tenths < 49; tenths++) {
            assertThat(isOverAfter(Duration.ofMillis(100 * tenths)))
                    .as("after %s/10 s", tenths)
                    .isFalse();
        }
        assertThat(looks).as("processes are not counted at each turn").isBetween(10, 17);
        pipe.finish();
        assertThat(isOverAfter(Duration.ofMillis(4900))).isTrue();
    }

    @Test
    void whatTheCommandLeftRunningHoldsUpNothing() {
        somethingRuns = true;
        assertThat(isOverAfter(Duration.ofMillis(299))).isFalse();
        assertThat(isOverAfter(Duration.ofMillis(300))).isTrue();
    }

    @Test
    void aPipeThatNobodyIsSeenToHoldIsNotWaitedForForEver() {
        assertThat(isOverAfter(Duration.ofMillis(4999))).isFalse();
        assertThat(isOverAfter(Duration.ofMillis(5400))).isTrue();
    }
}
