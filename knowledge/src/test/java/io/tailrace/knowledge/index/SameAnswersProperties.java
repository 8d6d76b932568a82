package io.tailrace.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Two workers that built their indexes in other steps give the same documents, order and scores. */
class SameAnswersProperties {
    private static final List<String> WORDS =
            List.of("kettle", "garden", "hot", "water", "the", "maxBytes", "waters", "retry", "parse");

    /** @param words of each chunk; none for a deletion */
    record Edit(int document, List<List<Integer>> words) {}

    /** What an index goes through after a change. */
    enum Step {
        NOTHING,
        LOOK,
        COMMIT,
        REOPEN,
        FORGET
    }

    @Property(tries = 20)
    void whateverWayItWasBuilt(
            @ForAll("edits") @Size(min = 1, max = 25) List<Edit> edits,
            @ForAll @Size(value = 25) List<Step> steps,
            @ForAll("question") String question)
            throws IOException {
        List<Change> changes = changes(edits);
        long newest = changes.getLast().position();
        Path folder = Files.createTempDirectory("same-answers");
        try (RepositoryIndex atOnce = RepositoryIndex.open(folder.resolve("a"), Library.SETTINGS)) {
            atOnce.apply(changes);
            RepositoryIndex other = RepositoryIndex.open(folder.resolve("b"), Library.SETTINGS);
            long oldest = RepositoryIndex.NOTHING;
            for (int i = 0; i < changes.size(); i++) {
                other.apply(changes.subList(Math.max(0, i - 1), i + 1));
                switch (steps.get(i)) {
                    case NOTHING -> {}
                    case LOOK -> Library.view(other, other.version()).close();
                    case COMMIT -> other.commit();
                    case REOPEN -> {
                        other.close();
                        other = RepositoryIndex.open(folder.resolve("b"), Library.SETTINGS);
                        assertThat(other.start())
                                .isEqualTo(
                                        new IndexStart.Continued(changes.get(i).position()));
                    }
                    case FORGET -> {
                        oldest = other.version();
                        other.forgetBefore(oldest);
                    }
                }
            }
            try (RepositoryIndex rebuilt = other) {
                for (long version = Math.max(oldest, RepositoryIndex.NOTHING); version <= newest; version++) {
                    requireDocuments(there(changes, version), rebuilt, version);
                    for (Question each : Library.questions(question)) {
                        List<Hit> hits = Library.hits(atOnce, version, each);
                        assertThat(Library.hits(rebuilt, version, each)).isEqualTo(hits);
                        assertThat(hits).allMatch(it -> it.score() > 0 && it.score() <= 1);
                        requireCurrent(there(changes, version), hits);
                    }
                }
            }
        } finally {
            delete(folder);
        }
    }

    /** Of each document that is not deleted at the version, its last put. */
    private static NavigableMap<String, Change.Put> there(List<Change> changes, long version) {
        NavigableMap<String, Change.Put> there = new TreeMap<>();
        for (Change change : changes) {
            if (change.position() <= version) {
                switch (change) {
                    case Change.Put put -> there.put(put.documentId(), put);
                    case Change.Delete delete -> there.remove(delete.documentId());
                }
            }
        }
        return there;
    }

    /** The documents are listed in whatever pages, and each is found by its id. */
    private static void requireDocuments(NavigableMap<String, Change.Put> there, RepositoryIndex index, long version)
            throws IOException {
        List<StoredDocument> expected = there.values().stream()
                .map(it -> new StoredDocument(
                        it.documentId(),
                        it.title(),
                        it.digest(),
                        it.position(),
                        it.chunks().size()))
                .toList();
        try (RepositoryView view = Library.view(index, version)) {
            assertThat(view.documents("", expected.size() + 1)).isEqualTo(expected);
            String after = "";
            for (StoredDocument document : expected) {
                assertThat(view.documents(after, 1)).containsExactly(document);
                assertThat(view.document(document.documentId())).contains(document);
                after = document.documentId();
            }
            assertThat(view.documents(after, 1)).isEmpty();
            assertThat(view.document("d")).isEmpty();
            assertThat(view.document(after + "0")).isEmpty();
        }
    }

    /** Every hit is a chunk of the last put of a document that is not deleted, as it was put. */
    private static void requireCurrent(NavigableMap<String, Change.Put> there, List<Hit> hits) {
        for (Hit hit : hits) {
            assertThat(there).containsKey(hit.documentId());
            Change.Put put = Objects.requireNonNull(there.get(hit.documentId()));
            assertThat(hit.version()).isEqualTo(put.position());
            assertThat(put.chunks().get(hit.ordinal()).chunk().text()).isEqualTo(hit.text());
        }
        assertThat(hits.stream().map(it -> it.documentId() + " " + it.ordinal()))
                .doesNotHaveDuplicates();
    }

    /** What comes or goes beside a chunk changes its place, never its score. */
    @Property(tries = 30)
    void scoresDoNotMoveWithOtherDocuments(
            @ForAll("edits") @Size(min = 1, max = 8) List<Edit> edits,
            @ForAll("edits") @Size(min = 1, max = 25) List<Edit> others,
            @ForAll("question") String question)
            throws IOException {
        List<Change> changes = new ArrayList<>(changes(edits));
        long before = changes.getLast().position();
        long position = before;
        for (Change change : changes(others)) {
            position += 2;
            changes.add(
                    switch (change) {
                        case Change.Put put ->
                            new Change.Put(
                                    position, "other " + put.documentId(), put.title(), put.digest(), put.chunks());
                        case Change.Delete delete -> new Change.Delete(position, "other " + delete.documentId());
                    });
        }
        Path folder = Files.createTempDirectory("same-scores");
        try (RepositoryIndex index = RepositoryIndex.open(folder, Library.SETTINGS)) {
            index.apply(changes);
            for (Question each : Library.questions(question)) {
                Map<String, Double> alone = scores(Library.hits(index, before, each));
                Map<String, Double> among = scores(Library.hits(index, position, each));
                assertThat(among.keySet()).containsAll(alone.keySet());
                among.keySet().retainAll(alone.keySet());
                assertThat(among).isEqualTo(alone);
            }
        } finally {
            delete(folder);
        }
    }

    private static Map<String, Double> scores(List<Hit> hits) {
        Map<String, Double> scores = new TreeMap<>();
        hits.forEach(it -> scores.put(it.documentId() + " " + it.ordinal(), it.score()));
        return scores;
    }

    private static List<Change> changes(List<Edit> edits) {
        List<Change> changes = new ArrayList<>();
        long position = 4;
        for (Edit edit : edits) {
            position += 1 + edit.document() % 2;
            String document = "d" + edit.document();
            String[] texts = edit.words().stream()
                    .map(words ->
                            String.join(" ", words.stream().map(WORDS::get).toList()))
                    .toArray(String[]::new);
            changes.add(
                    texts.length == 0 ? Library.delete(position, document) : Library.put(position, document, texts));
        }
        return changes;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<List<Integer>> chunk = Arbitraries.integers()
                .between(0, WORDS.size() - 1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5), chunk.list().ofMaxSize(3))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    @Provide
    Arbitrary<String> question() {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(4).map(it -> String.join(" ", it));
    }
}
