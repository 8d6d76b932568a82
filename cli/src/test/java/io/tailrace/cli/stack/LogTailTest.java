package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    Path folder;

    @Test
    void givesTheLastLinesAndThenWhatIsAdded() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "a\nb\nc\nhal");
        LogTail tail = new LogTail(log);
        assertThat(tail.last(2)).containsExactly("b", "c");
        assertThat(tail.more()).isEmpty();
        Files.writeString(log, "f\nd\n", StandardOpenOption.APPEND);
        assertThat(tail.more()).containsExactly("half", "d");
    }

    @Test
    void beginsAnewWithAFileThatDid() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "long enough\n");
        LogTail tail = new LogTail(log);
        assertThat(tail.last(5)).containsExactly("long enough");
        Files.writeString(log, "new\n");
        assertThat(tail.more()).containsExactly("new");
    }

    @Test
    void aLogThatIsNotThereYetIsEmpty() throws Exception {
        LogTail tail = new LogTail(folder.resolve("later"));
        assertThat(tail.last(5)).isEmpty();
        Files.writeString(folder.resolve("later"), "now\n");
        assertThat(tail.more()).containsExactly("now");
    }

    @Test
    void ofALargeLogOnlyTheEndIsRead() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        Path log = Files.writeString(folder.resolve("log"), text);
        assertThat(new LogTail(log).last(2)).containsExactly("line 199998", "line 199999");
        assertThat(new LogTail(log).last(1_000_000)).hasSizeLessThan(150_000).doesNotContain("line 0");
    }
}
