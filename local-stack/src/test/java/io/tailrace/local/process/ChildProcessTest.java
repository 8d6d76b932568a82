package io.tailrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ChildProcessTest {

    @TempDir
    Path folder;

    @Test
    void isFoundAgainByItsPidFileUntilItEnds() throws Exception {
        ChildProcess child = start("exec sleep 60");

        ChildProcess found = ChildProcess.attach(folder.resolve("pid")).orElseThrow();
        assertThat(found.pid()).isEqualTo(child.pid());

        found.kill();
        assertThat(child.isAlive()).isFalse();
        assertThat(ChildProcess.attach(folder.resolve("pid"))).isEmpty();
    }

    @Test
    void aPidThatBelongsToAnotherProcessNowIsNotTakenForOurs() throws Exception {
        ProcessHandle self = ProcessHandle.current();
        Instant longAgo = self.info().startInstant().orElseThrow().minusSeconds(3600);
        new ProcessIdentity(self.pid(), longAgo).write(folder.resolve("pid"));

        assertThat(ChildProcess.attach(folder.resolve("pid"))).isEmpty();
    }

    @Test
    void aDamagedPidFileIsLikeNone() throws Exception {
        Files.writeString(folder.resolve("pid"), "what?");

        assertThat(ChildProcess.attach(folder.resolve("pid"))).isEmpty();
        assertThat(ChildProcess.attach(folder.resolve("absent"))).isEmpty();
    }

    @Test
    void endsInOrderWhenAskedAndIsKilledWhenItDoesNotListen() throws Exception {
        ChildProcess obedient = start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        awaitOutput("up");
        obedient.stop(Duration.ofSeconds(10));
        assertThat(obedient.exitCode()).contains(0);
        assertThat(Files.readString(folder.resolve("out"))).contains("bye");

        ChildProcess stubborn = start("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        awaitOutput("deaf");
        stubborn.stop(Duration.ofMillis(200));
        assertThat(stubborn.isAlive()).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPausedProcessStandsStillGoesOnAndCanBeStopped() throws Exception {
        ChildProcess child = start("trap 'exit 0' TERM; while :; do echo tick; sleep 0.02; done");
        awaitOutput("tick");

        child.pause();
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> state(child).equals("T"));
        child.resume();
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> !state(child).equals("T"));

        child.pause();
        child.stop(Duration.ofSeconds(10));
        assertThat(child.exitCode()).contains(0);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isNotInTheTerminalSessionOfItsParent() throws Exception {
        ChildProcess child = start("exec sleep 60");

        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> session(child) == child.pid());

        child.kill();
    }

    @Test
    void hasTheEnvironmentThatItIsGivenAndNothingElse() throws Exception {
        ChildProcess child = start("env; echo done");

        awaitOutput("done");
        // Besides the variable that the test gave: what a shell sets by itself.
        assertThat(Files.readAllLines(folder.resolve("out")))
                .contains("GIVEN=yes")
                .allMatch(line -> line.matches("(GIVEN|PWD|OLDPWD|SHLVL|_)=.*|done"));
        child.kill();
    }

    private ChildProcess start(String script) throws IOException {
        return new Launch(
                        List.of("/bin/sh", "-c", script),
                        Map.of("GIVEN", "yes"),
                        folder,
                        folder.resolve("out"),
                        folder.resolve("pid"),
                        false)
                .start();
    }

    private void awaitOutput(String text) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> Files.readString(folder.resolve("out")).contains(text));
    }

    private static String state(ChildProcess child) throws IOException {
        return stat(child)[0];
    }

    private static long session(ChildProcess child) throws IOException {
        return Long.parseLong(stat(child)[3]);
    }

    /** The fields of /proc/pid/stat after the program's name: state, parent, group, session. */
    private static String[] stat(ChildProcess child) throws IOException {
        String line = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    }
}
