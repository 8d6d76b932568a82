package io.tailrace.sandbox.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sandbox.process.ProcessMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerFolderTest {

    @TempDir
    private Path data;

    @Test
    void aBuildsFolderIsPrivateAndEmptyButForItsTemporaryFolder() throws Exception {
        try (WorkerFolder worker = WorkerFolder.open(data, mark())) {
            BuildFolder build = worker.create();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(build.path())))
                    .isEqualTo("rwx------");
            assertThat(build.path()).isDirectoryNotContaining(file -> !file.equals(build.temporary()));
        }
    }

    @Test
    void aBuildsFolderIsRemovedWithWhateverIsInItAndNothingElse() throws Exception {
        Path outside = Files.writeString(data.resolve("outside"), "kept");
        try (WorkerFolder worker = WorkerFolder.open(data, mark())) {
            BuildFolder build = worker.create();
            Path readOnly = Files.createDirectories(build.path().resolve("a/b"));
            Files.writeString(readOnly.resolve("file"), "x");
            Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
            Files.createSymbolicLink(build.path().resolve("link"), data);
            Files.createSymbolicLink(build.path().resolve("dangling"), Path.of("/nowhere"));

            build.remove();

            assertThat(build.path()).doesNotExist();
            assertThat(outside).hasContent("kept");
        }
    }

    @Test
    void theFolderOfALivingWorkerIsLeftAlone() throws Exception {
        try (WorkerFolder living = WorkerFolder.open(data, mark());
                WorkerFolder starting = WorkerFolder.open(data, mark())) {
            assertThat(starting.clearLeftBehind()).isZero();

            assertThat(living.path()).isDirectory();
        }
    }

    @Test
    void theFolderOfADeadWorkerIsRemovedAndItsProcessesEnded() throws Exception {
        Path dead = data.resolve("workers").resolve(mark().value());
        Path build = Files.createDirectories(dead.resolve("1"));
        Files.writeString(dead.resolve(".lock"), "");
        ProcessBuilder command = new ProcessBuilder("sleep", "300");
        Process leftBehind = command.directory(build.toFile()).start();

        try (WorkerFolder worker = WorkerFolder.open(data, mark())) {
            assertThat(worker.clearLeftBehind()).isEqualTo(1);
        }

        assertThat(leftBehind.onExit().get().exitValue()).isEqualTo(137);
        assertThat(dead).doesNotExist();
    }

    @Test
    void foreignFilesInTheDataFolderAreLeftAlone() throws Exception {
        Path foreign = Files.createDirectories(data.resolve("workers").resolve("notes"));

        try (WorkerFolder worker = WorkerFolder.open(data, mark())) {
            assertThat(worker.clearLeftBehind()).isZero();
        }

        assertThat(foreign).isDirectory();
    }

    private static ProcessMark mark() {
        return new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
    }
}
