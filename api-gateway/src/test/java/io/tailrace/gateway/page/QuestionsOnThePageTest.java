package io.tailrace.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tailrace.local.testing.Programs;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which questions the page shows and how, by its own modules in Node. */
class QuestionsOnThePageTest {
    private static final String CHECKS = "questions.mjs";

    @Test
    void aQuestionNeverBecomesAnotherOneAndAnEndedRunAsksNothing(@TempDir Path folder) throws Exception {
        Optional<Path> node = Programs.find("node");
        assumeTrue(node.isPresent(), "NOT RUN: there is no node");
        // Its modules end in .js.
        Files.writeString(folder.resolve("package.json"), "{\"type\":\"module\"}");
        for (String file : List.of("run-state.js", "parts.js", CHECKS)) {
            try (InputStream in = PageConfiguration.class.getResourceAsStream(file)) {
                Files.copy(Objects.requireNonNull(in, file), folder.resolve(file));
            }
        }
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(node.get().toString(), CHECKS)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(said, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
