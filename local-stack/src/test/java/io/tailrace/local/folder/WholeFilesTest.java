package io.tailrace.local.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writers leave, and what of it is taken away. */
class WholeFilesTest {
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedAndNothingElseIsThere() throws Exception {
        WholeFiles.write(folder.resolve("pid"), "1");
        WholeFiles.write(folder.resolve("pid"), "2");

        assertThat(names()).containsExactly("pid");
        assertThat(folder.resolve("pid")).hasContent("2");
    }

    @Test
    void whatAKilledWriterLeftIsGoneAfterTheNextStart() throws Exception {
        for (String name : List.of(".pid81.new", ".stack.properties17034205521563213004.new")) {
            written(name, START.minusSeconds(1));
        }
        List<String> others =
                List.of("pid", ".pid", "pid81.new", ".pid.new", "..new", ".pid81.new.txt", ".hidden", ".81.news");
        for (String name : others) {
            written(name, START.minusSeconds(1));
        }
        written(".written-now1.new", START);
        Files.createDirectory(folder.resolve(".a-folder1.new"));
        Files.createSymbolicLink(folder.resolve(".a-link1.new"), folder.resolve("pid"));

        WholeFiles.sweep(folder, START);

        assertThat(names())
                .containsAll(others)
                .contains(".written-now1.new", ".a-folder1.new", ".a-link1.new")
                .hasSize(others.size() + 3);
        WholeFiles.sweep(folder.resolve("nowhere"), START);
        WholeFiles.sweep(folder.resolve("pid"), START);
    }

    private void written(String name, Instant at) throws IOException {
        Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), FileTime.from(at));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(it -> it.getFileName().toString()).toList();
        }
    }
}
