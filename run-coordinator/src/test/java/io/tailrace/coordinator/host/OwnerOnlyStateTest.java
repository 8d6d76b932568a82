package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who can look into the state. The kernel's folders of a process take no rights from anybody, as some volumes do. */
@EnabledOnOs(OS.LINUX)
class OwnerOnlyStateTest {
    @Test
    void othersAreKeptOut(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        OwnerOnlyState.enforce(folder);
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aVolumeThatTakesNoRightsIsNamedUnlessItKeepsOthersOutByItself() {
        Path open = Path.of("/proc/self/task");
        assertThatThrownBy(() -> OwnerOnlyState.enforce(open))
                .isInstanceOf(OwnerOnlyState.Open.class)
                .hasMessageContaining("Other accounts can look into " + open)
                .hasMessageContaining("tailrace.coordinator.state-dir");
        assertThatCode(() -> OwnerOnlyState.enforce(Path.of("/proc/self/fd"))).doesNotThrowAnyException();
    }
}
