package io.tailrace.builds.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files of inputs can lie when links are in the way. */
class InputFileTest {
    private static final byte[] CONTENT = "words".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path data;

    private Path folder;
    private Path outside;

    @BeforeEach
    void makeFolders() throws Exception {
        folder = Files.createDirectory(data.resolve("build"));
        outside = Files.createDirectory(data.resolve("outside"));
    }

    @Test
    void theFoldersThatLeadToAFileAreMadeOnce() throws Exception {
        InputFile.of("a/b/one", CONTENT).write(folder);
        InputFile.of("a/b/two", CONTENT).write(folder);

        assertThat(folder.resolve("a/b/one")).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("a/b/two")).hasBinaryContent(CONTENT);
    }

    @Test
    void aLinkToAFolderIsNotFollowed() throws Exception {
        Files.createSymbolicLink(folder.resolve("notes"), outside);

        assertThatExceptionOfType(UnusableInput.class)
                .isThrownBy(() -> InputFile.of("notes/answer", CONTENT).write(folder));
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aLinkInThePlaceOfTheFileIsNotFollowed() throws Exception {
        Path target = outside.resolve("answer");
        Files.createSymbolicLink(folder.resolve("answer"), target);

        assertThatExceptionOfType(UnusableInput.class)
                .isThrownBy(() -> InputFile.of("answer", CONTENT).write(folder));
        assertThat(target).doesNotExist();
    }

    @Test
    void whatIsThereIsNotWrittenOver() throws Exception {
        Files.writeString(folder.resolve("answer"), "before");

        assertThatExceptionOfType(UnusableInput.class)
                .isThrownBy(() -> InputFile.of("answer", CONTENT).write(folder));
        assertThat(folder.resolve("answer")).hasContent("before");
    }
}
