package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What cannot be started is said before anything is started. */
class UpCommandTest {

    @Test
    void recipesThatAreNotThereAreNoEmptyFolder(@TempDir Path folder) {
        UpCommand command = new UpCommand();
        Path missing = folder.resolve("recepies");
        new CommandLine(command).parseArgs("--data", folder.toString(), "--recipes", missing.toString());

        assertThatIllegalArgumentException()
                .isThrownBy(command::call)
                .withMessageContaining("--recipes")
                .withMessageContaining(missing.toString());
    }
}
