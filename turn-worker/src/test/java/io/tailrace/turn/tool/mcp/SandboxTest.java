package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.process.ProcessMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
    private static final ProcessMark MARK = new ProcessMark("0123456789abcdef0123456789abcdef");

    @TempDir
    private Path shared;

    @Test
    void aTemporaryFolderIsOfOneWorkerAloneAndGoesWithIt() throws IOException {
        Path folder;
        try (Sandbox one = Sandbox.open(Mode.TRUSTED_ONLY, Optional.empty(), MARK);
                Sandbox other = Sandbox.open(Mode.TRUSTED_ONLY, Optional.empty(), MARK)) {
            folder = one.dataFolder();
            assertThat(folder).isNotEqualTo(other.dataFolder());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
            Files.writeString(one.folder().create().path().resolve("left"), "by a server");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFolderThatIsGivenStays() throws IOException {
        try (Sandbox sandbox = Sandbox.open(Mode.TRUSTED_ONLY, Optional.of(shared), MARK)) {
            assertThat(sandbox.dataFolder()).isEqualTo(shared);
            assertThat(sandbox.folder().path()).startsWith(shared.toRealPath());
        }
        assertThat(shared).isDirectory();
    }
}
