package io.tailrace.sandbox.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.sandbox.testing.DeepFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a build can leave. */
@Timeout(120)
class FolderRemovalTest {

    /** An ordinary user, for tests that run as root, which no permission stops. */
    private static final String NOBODY = "65534";

    @TempDir
    private Path data;

    private Path build;

    @BeforeEach
    void open() throws IOException {
        build = Files.createDirectory(data.resolve("build"));
    }

    @Test
    void foldersDeeperThanAnyPathAndAnyStackAreRemoved() throws Exception {
        DeepFolders.make(build, 20_000);

        FolderRemoval.remove(build);

        assertThat(build).doesNotExist();
    }

    @Test
    void manyFoldersSideBySideAreRemovedWhateverTheirNames() throws Exception {
        for (int i = 1; i <= 300; i++) {
            Files.createDirectories(
                    build.resolve("moved-" + i).resolve("moved-" + (i + 1)).resolve("x"));
            Files.createDirectories(build.resolve("a").resolve("\u00e4 " + i).resolve("moved-1"));
        }

        FolderRemoval.remove(build);

        assertThat(build).doesNotExist();
    }

    @Test
    void whatALinkPointsAtIsKept() throws Exception {
        Path outside = Files.createDirectories(data.resolve("outside/inner"));
        Files.createSymbolicLink(Files.createDirectories(build.resolve("a/b")).resolve("link"), outside);
        Path asLink = Files.createSymbolicLink(data.resolve("as-link"), outside);

        FolderRemoval.remove(build);
        FolderRemoval.remove(asLink);
        FolderRemoval.remove(data.resolve("never-there"));

        assertThat(outside).isDirectory();
        assertThat(data).isDirectoryContaining(it -> it.endsWith("outside"));
        assertThat(Files.exists(asLink)).isFalse();
    }

    /** As a process of an ordinary user, also where the tests run as root. */
    @Test
    void foldersThatTheirOwnerMayNotEnterAreRemoved() throws Exception {
        for (String path : List.of("a/b", "a/c", "d")) {
            Files.writeString(Files.createDirectories(build.resolve(path)).resolve("file"), "x");
        }
        DeepFolders.makeForbidden(build, 50);
        for (String path : List.of("a/b", "a", "d")) {
            Files.setPosixFilePermissions(build.resolve(path), PosixFilePermissions.fromString("---------"));
        }

        asOrdinaryUser(build);

        assertThat(build).doesNotExist();
    }

    @Test
    void whatCannotBeRemovedDoesNotKeepTheRest() throws Exception {
        Files.createDirectories(build.resolve("a/b"));
        Path mounted = Files.createDirectory(build.resolve("mounted"));
        if (!isRoot() || mount(mounted) != 0) {
            System.err.println("NOT RUN: a folder that cannot be removed, for nothing can be mounted here");
            return;
        }
        try {
            assertThatThrownBy(() -> FolderRemoval.remove(build)).isInstanceOf(IOException.class);
        } finally {
            DeepFolders.run("umount", mounted.toString());
        }

        try (Stream<Path> left = Files.list(build)) {
            assertThat(left).containsExactly(mounted);
        }
    }

    private static int mount(Path folder) throws IOException, InterruptedException {
        return new ProcessBuilder("mount", "-t", "tmpfs", "tmpfs", folder.toString())
                .start()
                .waitFor();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void asOrdinaryUser(Path folder) throws Exception {
        List<String> command = new ArrayList<>();
        Path classes = Files.createDirectories(data.resolve("classes/io/tailrace/sandbox/folder"));
        for (Class<?> each : List.of(FolderRemoval.class, OrdinaryRemoval.class)) {
            Files.copy(
                    Path.of(each.getResource(each.getSimpleName() + ".class").toURI()),
                    classes.resolve(each.getSimpleName() + ".class"));
        }
        if (isRoot()) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
            DeepFolders.run("chown", "-R", NOBODY, folder.toString());
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss256k",
                "-cp",
                data.resolve("classes").toString(),
                OrdinaryRemoval.class.getName(),
                folder.toString()));
        DeepFolders.run(command.toArray(String[]::new));
    }
}
