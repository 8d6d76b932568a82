package io.tailrace.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.knowledge.embed.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryIndexTest {
    private static final Question KETTLE = new Question.Keyword("kettle");

    @TempDir
    Path folder;

    @Test
    void answersAtEachVersionThatItKnows() throws IOException {
        try (RepositoryIndex index = open()) {
            index.apply(List.of(
                    Library.put(3, "a", "the kettle"),
                    Library.put(5, "b", "a kettle"),
                    Library.put(7, "a", "no more"),
                    Library.delete(9, "b")));
            assertThat(Library.documents(index, RepositoryIndex.NOTHING, KETTLE))
                    .isEmpty();
            assertThat(Library.documents(index, 2, KETTLE)).isEmpty();
            assertThat(Library.documents(index, 4, KETTLE)).containsExactly("a");
            assertThat(Library.documents(index, 5, KETTLE)).containsExactly("a", "b");
            assertThat(Library.documents(index, 8, KETTLE)).containsExactly("b");
            assertThat(Library.documents(index, 9, KETTLE)).isEmpty();
            assertThat(index.at(10)).isEqualTo(new AtVersion.Behind(9));
            index.forgetBefore(7);
            assertThat(index.at(6)).isEqualTo(new AtVersion.Forgotten(7));
            assertThat(Library.documents(index, 7, KETTLE)).containsExactly("b");
        }
    }

    @Test
    void whatIsForgottenLeavesTheDisk() throws IOException {
        try (RepositoryIndex index = open()) {
            for (int i = 0; i < 50; i++) {
                index.apply(List.of(Library.put(i, "a", "kettle " + i)));
            }
            index.forgetBefore(49);
        }
        try (RepositoryIndex index = open();
                RepositoryView view = Library.view(index, 49)) {
            assertThat(index.at(48)).isEqualTo(new AtVersion.Forgotten(49));
            assertThat(view.chunks()).isEqualTo(1);
            assertThat(view.storedChunks()).isEqualTo(1);
        }
    }

    @Test
    void aViewStaysWhatItIs() throws IOException {
        RepositoryIndex index = open();
        index.apply(List.of(Library.put(1, "a", "kettle")));
        try (RepositoryView view = Library.view(index, 1)) {
            index.apply(List.of(Library.delete(2, "a"), Library.put(3, "b", "kettle")));
            index.forgetBefore(3);
            index.close();
            assertThat(view.search(KETTLE, 10, 1)).extracting(Hit::documentId).containsExactly("a");
        }
        assertThatThrownBy(() -> index.at(1)).isInstanceOf(IllegalStateException.class);
        index.close();
    }

    @Test
    void goesOnWhereItWasClosed() throws IOException {
        try (RepositoryIndex index = open()) {
            assertThat(index.start()).isEqualTo(new IndexStart.Empty());
            index.apply(List.of(Library.put(1, "a", "kettle")));
        }
        try (RepositoryIndex index = open()) {
            assertThat(index.start()).isEqualTo(new IndexStart.Continued(1));
            assertThat(index.version()).isEqualTo(1);
            index.apply(List.of(Library.put(1, "a", "never applied twice"), Library.put(2, "a", "garden")));
            assertThat(Library.documents(index, 1, KETTLE)).containsExactly("a");
            assertThat(Library.documents(index, 2, KETTLE)).isEmpty();
        }
    }

    /** A copy of the folder is what a killed process leaves. */
    @Test
    void afterAKillItGoesOnAfterItsLastCommit() throws IOException {
        Path left = folder.resolve("left");
        try (RepositoryIndex index = open()) {
            index.apply(List.of(Library.put(1, "a", "kettle")));
            index.commit();
            index.apply(List.of(Library.put(2, "a", "garden"), Library.put(3, "b", "kettle")));
            Library.view(index, 3).close();
            copy(folder.resolve("index"), left);
        }
        try (RepositoryIndex index = RepositoryIndex.open(left, Library.SETTINGS)) {
            assertThat(index.start()).isEqualTo(new IndexStart.Continued(1));
            index.apply(List.of(Library.put(2, "a", "garden"), Library.put(3, "b", "kettle")));
            assertThat(Library.documents(index, 3, KETTLE)).containsExactly("b");
        }
    }

    @Test
    void aDamagedIndexIsBegunAnew() throws IOException {
        for (String damage : List.of("flipped", "cut", "missing", "empty")) {
            Path path = folder.resolve(damage);
            try (RepositoryIndex index = RepositoryIndex.open(path, Library.SETTINGS)) {
                index.apply(List.of(Library.put(1, "a", "kettle".repeat(2000), "water")));
            }
            List<Path> files = luceneFiles(path);
            for (Path file : files) {
                Path copy = folder.resolve(damage + "-" + file.getFileName());
                copy(path, copy);
                damage(copy.resolve(file.getFileName()), damage);
                try (RepositoryIndex index = RepositoryIndex.open(copy, Library.SETTINGS)) {
                    assertThat(index.start()).as("%s %s", damage, file).isInstanceOf(IndexStart.Rebuilt.class);
                    assertThat(index.version()).isEqualTo(RepositoryIndex.NOTHING);
                    index.apply(List.of(Library.put(1, "a", "kettle")));
                    assertThat(Library.documents(index, 1, KETTLE)).containsExactly("a");
                }
            }
        }
    }

    @Test
    void anIndexForSomethingElseIsBegunAnewAndOtherFilesStay() throws IOException {
        List<IndexSettings> others = List.of(
                new IndexSettings("other", Language.ENGLISH, Library.SETTINGS.model()),
                new IndexSettings("handbook", Language.GERMAN, Library.SETTINGS.model()),
                new IndexSettings("handbook", Language.ENGLISH, Optional.empty()));
        Path note = Files.createDirectories(folder.resolve("index")).resolve("note.txt");
        Files.writeString(note, "mine");
        for (IndexSettings other : others) {
            try (RepositoryIndex index = open()) {
                index.apply(List.of(Library.put(1, "a", "kettle")));
            }
            try (RepositoryIndex index = RepositoryIndex.open(folder.resolve("index"), other)) {
                assertThat(index.start()).isInstanceOf(IndexStart.Rebuilt.class);
                assertThat(index.version()).isEqualTo(RepositoryIndex.NOTHING);
            }
        }
        assertThat(note).hasContent("mine");
    }

    @Test
    void aFolderHasOneIndex() throws IOException {
        try (RepositoryIndex index = open()) {
            index.apply(List.of(Library.put(1, "a", "kettle")));
            index.commit();
            assertThatThrownBy(this::open).isInstanceOf(IndexInUse.class);
            assertThat(Library.documents(index, 1, KETTLE)).containsExactly("a");
        }
        try (RepositoryIndex index = open()) {
            assertThat(index.start()).isEqualTo(new IndexStart.Continued(1));
        }
    }

    @Test
    void changesThatCannotBeAreRefusedAsAWhole() throws IOException {
        try (RepositoryIndex index = open()) {
            Change first = Library.put(1, "a", "kettle");
            assertThatThrownBy(() -> index.apply(List.of(first, Library.delete(1, "b"))))
                    .isInstanceOf(IllegalArgumentException.class);
            IndexedChunk wrong = new IndexedChunk(
                    Library.put(2, "b", "x").chunks().getFirst().chunk(), Optional.of(Vector.of(new float[] {1})));
            assertThatThrownBy(() -> index.apply(List.of(first, new Change.Put(2, "b", "", "", List.of(wrong)))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(index.version()).isEqualTo(RepositoryIndex.NOTHING);
            assertThatThrownBy(() -> Library.delete(1, "a\0b")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void equalsAreInTheOrderOfTheirIds() throws IOException {
        try (RepositoryIndex index = open()) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                changes.add(Library.put(i, "d" + (999 - i), "kettle"));
            }
            for (Change change : changes) {
                index.apply(List.of(new Change.Put(
                        change.position(), change.documentId(), "", "", ((Change.Put) change).chunks())));
            }
            for (Question question : Library.questions("kettle")) {
                assertThat(Library.documents(index, 499, question))
                        .hasSize(RepositoryView.WINDOW)
                        .isSorted()
                        .startsWith("d500");
            }
        }
    }

    @Test
    void aDocumentGivesNotMoreThanIsWanted() throws IOException {
        try (RepositoryIndex index = open()) {
            index.apply(List.of(
                    Library.put(1, "a", "kettle kettle", "kettle kettle", "kettle kettle"),
                    Library.put(2, "b", "kettle water garden")));
            try (RepositoryView view = Library.view(index, 2)) {
                assertThat(view.search(KETTLE, 10, 1))
                        .extracting(Hit::documentId)
                        .containsExactly("a", "b");
                assertThat(view.search(KETTLE, 10, 2)).extracting(Hit::ordinal).containsExactly(0, 1, 0);
                assertThat(view.search(KETTLE, 2, 3)).extracting(Hit::ordinal).containsExactly(0, 1);
            }
        }
    }

    @Test
    void aHitSaysWhereItStands() throws IOException {
        try (RepositoryIndex index = open()) {
            index.apply(List.of(Library.put(7, "a", "water", "the kettle")));
            assertThat(Library.hits(index, 7, KETTLE)).singleElement().satisfies(it -> {
                assertThat(it.title()).isEqualTo("Title of a");
                assertThat(it.version()).isEqualTo(7);
                assertThat(it.ordinal()).isEqualTo(1);
                assertThat(it.start()).isEqualTo(6);
                assertThat(it.end()).isEqualTo(16);
                assertThat(it.headings()).containsExactly("Part");
                assertThat(it.text()).isEqualTo("the kettle");
                assertThat(it.score()).isCloseTo(2.0 / 3, within(1e-12));
            });
        }
    }

    @Test
    void withoutAModelThereAreNoVectors() throws IOException {
        IndexSettings words = new IndexSettings("handbook", Language.ENGLISH, Optional.empty());
        try (RepositoryIndex index = RepositoryIndex.open(folder.resolve("words"), words)) {
            assertThatThrownBy(() -> index.apply(List.of(Library.put(1, "a", "kettle"))))
                    .isInstanceOf(IllegalArgumentException.class);
            try (RepositoryView view = Library.view(index, RepositoryIndex.NOTHING)) {
                Question vector = new Question.ByVector(Library.vector("kettle"));
                assertThatThrownBy(() -> view.search(vector, 1, 1)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void questionsWithoutATermFindNothing() throws IOException {
        try (RepositoryIndex index = open()) {
            index.apply(List.of(Library.put(1, "a", "kettle")));
            for (String text : List.of("", " ", "?!", "(kettle OR", "\"", "*:*", "never-there")) {
                assertThat(Library.documents(index, 1, new Question.Keyword(text)))
                        .as(text)
                        .isEqualTo(text.contains("kettle") ? List.of("a") : List.of());
            }
        }
    }

    private RepositoryIndex open() throws IOException {
        return RepositoryIndex.open(folder.resolve("index"), Library.SETTINGS);
    }

    private static List<Path> luceneFiles(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(it -> !it.endsWith("write.lock")).sorted().toList();
        }
    }

    private static void damage(Path file, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (how) {
            case "flipped" -> {
                bytes[bytes.length / 2] ^= 0x55;
                Files.write(file, bytes);
            }
            case "cut" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case "missing" -> Files.delete(file);
            case "empty" -> Files.write(file, new byte[0]);
            default -> throw new AssertionError(how);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("write.lock")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }
}
