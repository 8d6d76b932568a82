package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.TailraceHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a new user runs first. */
@Timeout(330)
class DemoTest {
    @Test
    void demoBuildsChatsAndAsksLosesConnectionsAndWorkersAndEndsByItself(@TempDir Path folder) throws Exception {
        Path home = TailraceHome.locate();
        Path output = folder.resolve("output");
        Process demo = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dtailrace.home=" + home,
                        "-jar",
                        cli(home).toString(),
                        "demo",
                        "--data",
                        folder.resolve("data").toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(demo.waitFor(300, TimeUnit.SECONDS)).as("it has ended").isTrue();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(demo.exitValue()).as(said).isZero();
            assertThat(said).doesNotContain("Exception", "NOT", "NO ");
            assertTheBuild(part(said, "The build", "The chat"));
            assertTheChat(part(said, "The chat", "The assistant"));
            assertTheAssistant(part(said, "The assistant", "Go on"));
            assertThat(said).contains("MMXXVI");
            assertThat(part(said, "A chat,", "An assistant:"))
                    .as("what the watcher was shown of the answers")
                    .containsPattern(
                            "break in \\n.*cut on purpose.*\\n.*connected again.*\\nthe middle of this sentence")
                    .containsPattern("Then it falls silent,.*\\n.*kill -9 [0-9]+: turn-worker-[12],")
                    .containsPattern("counts no more.*\\nThen it falls silent,.*in the conversation\\.\\n");
        } finally {
            demo.destroy();
        }
    }

    private static void assertTheBuild(String summary) {
        assertThat(summary)
                .containsPattern("cut after event [0-9]+, on purpose; [0-9]+ events")
                .contains("none missing, none twice");
    }

    private static void assertTheChat(String summary) {
        assertThat(summary)
                .containsPattern("cut after event [0-9]+, on purpose; [1-9][0-9]* events happened until it was back")
                .containsPattern("Both streams, compared with the log event by event: all [0-9]+ there, none missing")
                .containsPattern("s of silence later turn-worker-[12] wrote it anew")
                .containsPattern("> What becomes of .*\\n +Nothing: .* twice\\. +\\(60 words, 1 attempt\\)")
                .containsPattern("> And when the .*\\n +Then it .* conversation\\. +\\(46 words, 2 attempts\\)");
        Matcher killed = Pattern.compile("(turn-worker-[12]) \\(pid [0-9]+\\) was killed")
                .matcher(summary);
        assertThat(killed.find()).as(summary).isTrue();
        assertThat(summary).doesNotContain(killed.group(1) + " wrote it anew");
    }

    private static void assertTheAssistant(String summary) {
        assertThat(summary)
                .containsPattern("three prompts, [0-9]+ events. The first was told what is in [a-z]+\\.md")
                .contains("workers.md")
                .containsPattern("cut after event [0-9]+, on purpose; [1-9][0-9]* events happened until it was back")
                .containsPattern("s of silence later turn-worker-[12] wrote it anew")
                .contains("The tool was executed once; the second attempt took its result from the log.")
                .contains("none missing, none twice");
    }

    private static String part(String said, String from, String to) {
        int start = said.lastIndexOf("\n" + from);
        assertThat(start).as(from + " in " + said).isPositive();
        return said.substring(start, said.indexOf("\n" + to, start));
    }

    private static Path cli(Path home) throws Exception {
        try (Stream<Path> files = Files.list(home.resolve("cli").resolve("target"))) {
            return files.filter(it -> it.getFileName().toString().matches("cli-.*(?<!sources)\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
