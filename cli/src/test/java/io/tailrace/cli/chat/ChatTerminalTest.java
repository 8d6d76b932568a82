package io.tailrace.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tailrace.cli.TailraceCli;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tailrace chat} at a real terminal, which {@code script} (util-linux) makes: keys are bytes, Ctrl-C is 3. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChatTerminalTest {
    private static final String CTRL_C = "\003";
    private static final String CTRL_D = "\004";
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    private Path folder;

    private Optional<Process> process = Optional.empty();

    private void start(FakeChat chat) throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT) && understandsTheCommandOption(), "NOT RUN: no util-linux script");
        String command = "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' " + TailraceCli.class.getName() + " chat --gateway "
                + chat.address();
        // Where these tests were started in the background, Ctrl-C is ignored, and so it would be in what they start.
        process = Optional.of(new ProcessBuilder(
                        "env", "--default-signal=INT", SCRIPT.toString(), "-q", "-e", "-f", "-c", command, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("screen").toFile())
                .start());
    }

    private static boolean understandsTheCommandOption() throws IOException, InterruptedException {
        Process version = new ProcessBuilder(SCRIPT.toString(), "--version").start();
        String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return version.waitFor() == 0 && said.contains("util-linux");
    }

    @AfterEach
    void end() {
        process.ifPresent(Process::destroy);
    }

    private void press(String keys) throws IOException {
        OutputStream keyboard = process.orElseThrow().getOutputStream();
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    /** What has been printed, without its colours. */
    private String screen() throws IOException {
        return Files.readString(folder.resolve("screen"))
                .replaceAll("\033\\[[0-9;]*m", "")
                .replace("\r", "");
    }

    private void awaitScreen(String end) {
        Awaitility.await("screen ends with " + end)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(screen()).endsWith(end));
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.orElseThrow().waitFor(20, TimeUnit.SECONDS))
                .as("it has ended")
                .isTrue();
        return process.orElseThrow().exitValue();
    }

    private static void neverEnding(FakeChat chat, FakeChat.Turn turn) {
        chat.begin(turn, "hello");
        chat.delta(turn, 1, "Hel");
    }

    private static void answered(FakeChat chat, FakeChat.Turn turn) {
        neverEnding(chat, turn);
        chat.complete(turn, 1, "Hello.");
    }

    /** Until the prompt is back after the first answer. */
    private void startAndBeAnswered(FakeChat chat) throws Exception {
        start(chat);
        awaitScreen("> ");
        press("hello\n");
        awaitScreen("· 12 ms, 7 tokens\n> ");
    }

    @Test
    void ctrlCCancelsTheAnswerThePromptComesBackAndCtrlCLeaves() throws Exception {
        try (FakeChat chat = new FakeChat(ChatTerminalTest::neverEnding)) {
            start(chat);
            awaitScreen("> ");
            press("hello\n");
            awaitScreen("Hel");

            press(CTRL_C);

            awaitScreen("· canceled\n> ");
            assertThat(chat.asked()).containsOnlyOnce("POST /v1/runs/r-chat/turns/turn-1/cancel");
            assertThat(process.orElseThrow().isAlive()).isTrue();

            press(CTRL_C);

            assertThat(exitCode()).isEqualTo(130);
            assertThat(screen()).endsWith("> ^C\n! the chat stays open; go on with 'tailrace chat --run r-chat'\n");
        }
    }

    @Test
    void ctrlDAtThePromptLeaves() throws Exception {
        try (FakeChat chat = new FakeChat(ChatTerminalTest::answered)) {
            startAndBeAnswered(chat);

            press(CTRL_D);

            assertThat(exitCode()).isZero();
            assertThat(screen()).endsWith("· 12 ms, 7 tokens\n> \n");
        }
    }

    @Test
    void aGatewayThatIsLostAtThePromptLeavesAPromptBehind() throws Exception {
        try (FakeChat chat = new FakeChat(ChatTerminalTest::answered)) {
            startAndBeAnswered(chat);

            chat.cutNow();

            awaitScreen("! connected again\n> ");
            assertThat(screen()).contains("\n> \n! lost the gateway (the connection was closed); trying again until");
        }
    }
}
