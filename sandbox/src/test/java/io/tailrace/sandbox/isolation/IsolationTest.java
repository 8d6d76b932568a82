package io.tailrace.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import io.tailrace.sandbox.testing.Confined;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does at its start. A probe's folder that is missing stands for a machine on which bubblewrap does not work. */
class IsolationTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsDemandedAndDoesNotWorkStopsTheStartAndSaysWhy() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(
                        () -> Isolation.choose(settings(Mode.BUBBLEWRAP), Confined.LIMITS, folder.resolve("missing")))
                .withMessageContaining("tailrace.worker.isolation.mode is bubblewrap")
                .withMessageContaining("bwrap");
    }

    @Test
    void whatIsNotDemandedAndDoesNotWorkIsSaid() {
        Isolation isolation = Isolation.choose(settings(Mode.AUTO), Confined.LIMITS, folder.resolve("missing"));

        assertThat(isolation.mode()).isEqualTo(Mode.TRUSTED_ONLY);
        assertThat(isolation.weakness().orElseThrow()).contains("not isolated", "bwrap");
        assertThat(isolation.network()).isEqualTo(Network.HOST);
    }

    @Test
    void theWorkersFolderMustNotLieWhereEveryBuildReads() {
        IsolationSettings exposed =
                new IsolationSettings(Mode.AUTO, Network.NONE, List.of(folder), List.of(folder.resolve("workers/1")));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Bubblewrap(new Tools("", "", "", "", "", "", false, true), exposed, Confined.LIMITS))
                .withMessageContaining("read-only-paths")
                .withMessageContaining(folder.toString());
    }

    private static IsolationSettings settings(Mode mode) {
        return new IsolationSettings(mode, Network.NONE, List.of(), List.of());
    }
}
