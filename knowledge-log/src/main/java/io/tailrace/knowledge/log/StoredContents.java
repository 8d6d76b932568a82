package io.tailrace.knowledge.log;

import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentDeleted;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.knowledge.RepositoryChange.StoredChunk;
import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.Change;
import io.tailrace.knowledge.index.IndexedChunk;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Chunks and vectors as the log has them, and back. Pure. */
public final class StoredContents {
    private StoredContents() {}

    /**
     * A document's chunks for the log.
     *
     * @param vectors one for each chunk, in order; none in a repository without a model
     */
    public static List<StoredChunk> of(List<Chunk> chunks, List<Vector> vectors) {
        if (!vectors.isEmpty() && vectors.size() != chunks.size()) {
            throw new IllegalArgumentException(vectors.size() + " vectors for " + chunks.size() + " chunks");
        }
        List<StoredChunk> stored = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Optional<String> vector = vectors.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getEncoder()
                            .encodeToString(vectors.get(chunk.ordinal()).toBytes()));
            stored.add(new StoredChunk(chunk.start(), chunk.headings(), chunk.text(), chunk.cutsCode(), vector));
        }
        return stored;
    }

    /**
     * A record as a change of an index.
     *
     * @throws IllegalArgumentException if it is none of this log, such as one whose vectors have another length
     */
    static Change change(RepositoryLog log, long position, RepositoryChange record) {
        if (!record.repository().equals(log.name())) {
            throw new IllegalArgumentException("a record of " + record.repository() + ", not " + log.name());
        }
        return switch (record.what()) {
            case DocumentPut put ->
                new Change.Put(position, record.documentId(), put.title(), put.digest(), chunks(log, put));
            case DocumentDeleted _ -> new Change.Delete(position, record.documentId());
        };
    }

    private static List<IndexedChunk> chunks(RepositoryLog log, DocumentPut put) {
        Optional<Integer> dimensions = log.shape().model().map(it -> it.dimensions());
        List<IndexedChunk> chunks = new ArrayList<>();
        for (StoredChunk stored : put.chunks()) {
            Chunk chunk = new Chunk(
                    chunks.size(),
                    stored.start(),
                    Math.addExact(stored.start(), stored.text().length()),
                    stored.headings(),
                    stored.text(),
                    stored.cutsCode());
            if (stored.vector().isPresent() != dimensions.isPresent()) {
                throw new IllegalArgumentException("chunks with vectors belong to repositories with a model");
            }
            chunks.add(new IndexedChunk(chunk, stored.vector().map(it -> vector(it, dimensions.orElseThrow()))));
        }
        return chunks;
    }

    private static Vector vector(String base64, int dimensions) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length != dimensions * Float.BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes are no vector of " + dimensions + " dimensions");
        }
        return Vector.fromBytes(bytes, 0, bytes.length);
    }
}
