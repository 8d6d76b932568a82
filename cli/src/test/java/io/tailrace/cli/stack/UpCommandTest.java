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

    @Test
    void aDebuggerIsForAServiceThatThereIs(@TempDir Path folder) {
        UpCommand command = new UpCommand();
        new CommandLine(command).parseArgs("--data", folder.toString(), "--debug", "gateway-2=5005");

        assertThatIllegalArgumentException()
                .isThrownBy(command::call)
                .withMessage("--debug names gateway-2, and the services are"
                        + " coordinator-1, build-worker-1, build-worker-2, turn-worker-1, gateway-1");
    }

    @Test
    void twoServicesDoNotShareADebuggersPort(@TempDir Path folder) {
        UpCommand command = new UpCommand();
        new CommandLine(command)
                .parseArgs("--data", folder.toString(), "--debug", "gateway-1=5005", "--debug", "turn-worker-1=5005");

        assertThatIllegalArgumentException()
                .isThrownBy(command::call)
                .withMessage("--debug must give each service a port of its own");
    }
}
