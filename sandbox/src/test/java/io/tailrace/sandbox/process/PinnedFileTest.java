package io.tailrace.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names under which a build puts a pipe, just when the worker has looked at them. */
class PinnedFileTest {
    @TempDir
    private Path folder;

    private static Path becomesAPipe(Path file) {
        try {
            Files.deleteIfExists(file);
            assertThat(new ProcessBuilder("mkfifo", "-m", "755", file.toString())
                            .start()
                            .waitFor())
                    .isZero();
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path script() throws IOException {
        Path file = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void aProgramThatBecomesAPipeIsNotWaitedFor() throws Exception {
        String program = script().toString();

        CompletableFuture<Path> found = CompletableFuture.supplyAsync(() -> find(program));

        assertThat(found.get(60, TimeUnit.SECONDS)).hasToString(program);
    }

    private Path find(String program) {
        try {
            return ProgramLookup.find(program, Map.of(), folder, file -> Files.exists(becomesAPipe(file)));
        } catch (CommandNotStarted e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onlyRegularFilesAreOpened() throws Exception {
        Path file = script();
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(text(PinnedFile.open(link))).isEqualTo("#!/bin/sh\n");
        assertThat(text(PinnedFile.openNoLink(file))).isEqualTo("#!/bin/sh\n");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PinnedFile.openNoLink(link));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PinnedFile.open(folder));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PinnedFile.open(Path.of("/dev/zero")));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> PinnedFile.open(folder.resolve("absent")));
        Path pipe = becomesAPipe(folder.resolve("pipe"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PinnedFile.open(pipe));
    }

    private static String text(InputStream opened) throws IOException {
        try (InputStream in = opened) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
