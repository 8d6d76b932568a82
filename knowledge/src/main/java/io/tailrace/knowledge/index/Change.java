package io.tailrace.knowledge.index;

import java.util.List;

/** A change of a repository at its position in the log. */
public sealed interface Change {
    int MAX_ID = 512;

    long position();

    String documentId();

    /**
     * The document is this from here on, whatever it was.
     *
     * @param digest names its contents; given back as it came ({@link StoredDocument})
     */
    record Put(long position, String documentId, String title, String digest, List<IndexedChunk> chunks)
            implements Change {
        public Put {
            requireValid(position, documentId);
            chunks = List.copyOf(chunks);
        }
    }

    /** The document is gone from here on; no error if there was none. */
    record Delete(long position, String documentId) implements Change {
        public Delete {
            requireValid(position, documentId);
        }
    }

    private static void requireValid(long position, String documentId) {
        if (position < 0 || documentId.isEmpty() || documentId.length() > MAX_ID || documentId.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no change: " + position + " of '" + documentId + "'");
        }
    }
}
