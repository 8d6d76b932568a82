package io.tailrace.events.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is read as a path inside the archive's folder, or refused with a reason. */
class EntryNameProperties {

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> piece = Arbitraries.of("/", "/", "..", ".", "a", "b", "C:", "\\", " ", "\u0000", "\n", "z");
        return piece.list().ofMaxSize(12).map(it -> String.join("", it));
    }

    @Property(tries = 5000)
    void whateverIsReadStaysInside(@ForAll("names") String name) {
        Optional<EntryName> read = read(name);
        if (read.isEmpty()) {
            return;
        }
        Path root = Path.of("/unpacked");
        Path path = root;
        for (String part : read.get().parts()) {
            path = path.resolve(part);
        }
        assertThat(path.normalize()).isEqualTo(path);
        assertThat(path.startsWith(root)).isTrue();
        assertThat(path.equals(root)).isEqualTo(read.get().isRoot());
        assertThat(path.toString()).doesNotContain("\\", "\n", "\u0000");
        assertThat(read.get().parts()).noneMatch(it -> it.startsWith("C:"));
    }

    @Property
    void aPlainRelativePathIsReadAsItIs(@ForAll("plain") List<String> parts) throws Exception {
        assertThat(EntryName.parse(String.join("/", parts)).parts()).isEqualTo(parts);
        assertThat(EntryName.parse("./" + String.join("/./", parts) + "/").parts())
                .isEqualTo(parts);
        assertThat(EntryName.parse(String.join("//", parts))).hasToString(String.join("/", parts));
    }

    @Provide
    Arbitrary<List<String>> plain() {
        return Arbitraries.of("a", "b.py", "...", "..x", " ", "ü", "xx:y", "1:2", ".git", "C")
                .list()
                .ofMinSize(1)
                .ofMaxSize(EntryName.MAX_DEPTH);
    }

    private static Optional<EntryName> read(String name) {
        try {
            return Optional.of(EntryName.parse(name));
        } catch (UnsafeEntryName e) {
            assertThat(e.reason()).isNotEmpty();
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "../outside, 'has \"..\" in its path'",
        "a/../../outside, 'has \"..\" in its path'",
        "a/.., 'has \"..\" in its path'",
        "/tmp/outside, is an absolute path",
        "C:/outside, 'has \"C:\" in its path, which names a drive on Windows'",
        "c:outside, 'has \"c:\" in its path, which names a drive on Windows'",
        "./z:, 'has \"z:\" in its path, which names a drive on Windows'",
        "a/C:/outside, 'has \"C:\" in its path, which names a drive on Windows'",
        "a\\..\\outside, has a backslash or a control character",
        "\\\\host\\share, has a backslash or a control character"
    })
    void aNameThatLeadsElsewhereIsRefused(String name, String reason) {
        assertRefused(name, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/\u0001", "a\n", "\u0000", "a\u0085"})
    void aControlCharacterIsRefused(String name) {
        assertRefused(name, "has a backslash or a control character");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "./", "./."})
    void theRootIsNoFile(String name) throws Exception {
        assertThat(EntryName.parse(name).isRoot()).isTrue();
    }

    @Test
    void lengthAndDepthAreBounded() throws Exception {
        String deepest = String.join("/", Collections.nCopies(EntryName.MAX_DEPTH, "d"));
        assertThat(EntryName.parse(deepest).parts()).hasSize(EntryName.MAX_DEPTH);
        assertThat(EntryName.parse("x".repeat(255) + "/" + "y".repeat(255)).parts())
                .hasSize(2);
        assertThat(EntryName.parse("ü".repeat(127)).parts()).hasSize(1);

        assertRefused(deepest + "/d", "lies more than 32 folders deep");
        assertRefused("x".repeat(EntryName.MAX_LENGTH + 1), "has more than 512 characters");
        assertRefused("x".repeat(256), "has a name of more than 255 bytes in its path");
        assertRefused("a/" + "ü".repeat(128) + "/b", "has a name of more than 255 bytes in its path");
        assertRefused("", "is no name");
    }

    private static void assertRefused(String name, String reason) {
        assertThatExceptionOfType(UnsafeEntryName.class)
                .isThrownBy(() -> EntryName.parse(name))
                .satisfies(it -> assertThat(it.reason()).isEqualTo(reason));
    }
}
