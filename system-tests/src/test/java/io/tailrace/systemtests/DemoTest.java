package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.TailraceHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a new user runs first. */
@Timeout(180)
class DemoTest {
    @Test
    void demoStartsEverythingBuildsShowsAndEndsByItself(@TempDir Path folder) throws Exception {
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
            assertThat(demo.waitFor(150, TimeUnit.SECONDS)).as("it has ended").isTrue();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(demo.exitValue()).as(said).isZero();
            assertThat(said)
                    .contains("connection was cut after event", "none missing, none twice", "MMXXVI")
                    .doesNotContain("Exception", "NOT");
        } finally {
            demo.destroy();
        }
    }

    private static Path cli(Path home) throws Exception {
        try (Stream<Path> files = Files.list(home.resolve("cli").resolve("target"))) {
            return files.filter(it -> it.getFileName().toString().matches("cli-.*(?<!sources)\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
