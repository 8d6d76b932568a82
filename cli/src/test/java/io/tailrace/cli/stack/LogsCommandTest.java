package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person is told who asks for logs that are not there. */
class LogsCommandTest {

    private static LogsCommand command(String... arguments) {
        LogsCommand command = new LogsCommand();
        new CommandLine(command).parseArgs(arguments);
        return command;
    }

    @Test
    void nothingWasStartedYet(@TempDir Path data) {
        assertThatIllegalArgumentException()
                .isThrownBy(command("--data", data.toString())::call)
                .withMessageContaining("Nothing was started on " + data);
    }

    @Test
    void aNegativeNumberOfLinesIsRefused(@TempDir Path data) {
        assertThatIllegalArgumentException()
                .isThrownBy(command("--data", data.toString(), "--lines", "-5")::call)
                .withMessageContaining("--lines");
    }
}
