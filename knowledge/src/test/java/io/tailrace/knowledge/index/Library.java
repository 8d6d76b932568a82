package io.tailrace.knowledge.index;

import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.HashedEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Documents for the tests of the index. */
final class Library {
    static final HashedEmbeddings EMBEDDINGS = new HashedEmbeddings(16);
    static final IndexSettings SETTINGS =
            new IndexSettings("handbook", Language.ENGLISH, Optional.of(EMBEDDINGS.model()));

    private Library() {}

    /** Each text is a chunk. */
    static Change.Put put(long position, String document, String... texts) {
        List<IndexedChunk> chunks = new ArrayList<>();
        int start = 0;
        for (String text : texts) {
            Chunk chunk = new Chunk(chunks.size(), start, start + text.length(), List.of("Part"), text, false);
            chunks.add(new IndexedChunk(chunk, Optional.of(vector(text))));
            start += text.length() + 1;
        }
        return new Change.Put(position, document, "Title of " + document, "digest-" + position, chunks);
    }

    static Change.Delete delete(long position, String document) {
        return new Change.Delete(position, document);
    }

    static Vector vector(String text) {
        return EMBEDDINGS.embed(List.of(text)).getFirst();
    }

    static List<Question> questions(String text) {
        return List.of(
                new Question.Keyword(text),
                new Question.ByVector(vector(text)),
                new Question.Hybrid(text, vector(text)));
    }

    static RepositoryView view(RepositoryIndex index, long version) throws IOException {
        return switch (index.at(version)) {
            case AtVersion.Found found -> found.view();
            case AtVersion.Behind behind -> throw new AssertionError("behind, at " + behind.version());
            case AtVersion.Forgotten forgotten -> throw new AssertionError("forgotten before " + forgotten.oldest());
        };
    }

    static List<Hit> hits(RepositoryIndex index, long version, Question question) throws IOException {
        try (RepositoryView view = view(index, version)) {
            return view.search(question, RepositoryView.WINDOW, Integer.MAX_VALUE);
        }
    }

    static List<String> documents(RepositoryIndex index, long version, Question question) throws IOException {
        return hits(index, version, question).stream().map(Hit::documentId).toList();
    }
}
