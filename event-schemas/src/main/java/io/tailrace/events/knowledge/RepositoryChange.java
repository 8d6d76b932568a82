package io.tailrace.events.knowledge;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of a repository's documents. Its position in the log is the version that the repository has from it on.
 * Of each document the last change stays: also that it was deleted, which is no tombstone, because an index that goes on
 * after a long pause has to learn of it.
 *
 * @param repository the name of the repository's log
 * @param documentId unique in the repository
 */
@AvroName(namespace = "io.tailrace.events.knowledge")
public record RepositoryChange(String repository, String documentId, Instant recordedAt, What what) {
    /** How long each version of a repository can be asked for: records are compacted no earlier. */
    public static final Duration VERSIONS_KEPT = Duration.ofDays(7);

    /** The largest record that the topic takes. A document that needs more is refused. */
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    /** What became of the document. */
    @AvroUnion({DocumentPut.class, DocumentDeleted.class})
    public sealed interface What permits DocumentPut, DocumentDeleted {}

    /**
     * The document is this from here on, whatever it was.
     *
     * @param mediaType of the document as it was sent
     * @param digest the SHA-256 of what was sent, with title and media type, 64 lower-case hexadecimal digits
     * @param bytes of the document as it was sent
     * @param chunks all of its text, in order
     */
    public record DocumentPut(String title, String mediaType, String digest, long bytes, List<StoredChunk> chunks)
            implements What {
        public DocumentPut {
            chunks = List.copyOf(chunks);
        }
    }

    /** The document is gone from here on. */
    public record DocumentDeleted() implements What {}

    /**
     * A piece of a document's text. Ordinals and ends are not there: they follow from the order and the text.
     *
     * @param start in the document's text, in UTF-16 units
     * @param headings that it stands under, from the outermost
     * @param cutsCode whether it has a part of a block of code that is too long for one chunk
     * @param vector of the repository's model, 32-bit floats, little-endian, in Base64; absent in a repository without one
     */
    public record StoredChunk(
            int start, List<String> headings, String text, boolean cutsCode, Optional<String> vector) {
        public StoredChunk {
            headings = List.copyOf(headings);
        }
    }

    /** The record's key. */
    public String key() {
        return key(repository, documentId);
    }

    /** The key of a document's records. */
    public static String key(String repository, String documentId) {
        return repository + "/" + documentId;
    }
}
