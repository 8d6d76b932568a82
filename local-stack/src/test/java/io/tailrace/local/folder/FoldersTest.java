package io.tailrace.local.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who can look into a folder. The kernel's folders of a process take no rights from anybody, as some volumes do. */
@EnabledOnOs(OS.LINUX)
class FoldersTest {

    @Test
    void othersAreKeptOut(@TempDir Path folder) throws Exception {
        Path open = Files.createDirectory(
                folder.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThat(Files.getPosixFilePermissions(Folders.ownerOnly(open)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aVolumeThatTakesNoRightsIsNamedUnlessItKeepsOthersOutByItself() throws Exception {
        Path open = Path.of("/proc/self/task");
        assertThatThrownBy(() -> Folders.ownerOnly(open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Other accounts can look into " + open)
                .hasMessageContaining("another data folder");

        Path closed = Path.of("/proc/self/fd");
        assertThat(Folders.ownerOnly(closed)).isEqualTo(closed);
    }
}
