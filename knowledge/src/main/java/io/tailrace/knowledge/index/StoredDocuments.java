package io.tailrace.knowledge.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TermsEnum.SeekStatus;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Looks documents up by their puts ({@link ChunkFields#PUT}), which every segment has in order. */
final class StoredDocuments {
    /** The first character that an id behind this one can differ in: {@code '\0'} ends ids. */
    private static final char BEHIND = '\1';

    private final Visible visible;
    private final StoredFields stored;

    StoredDocuments(Visible visible, StoredFields stored) {
        this.visible = visible;
        this.stored = stored;
    }

    Optional<StoredDocument> find(String documentId) throws IOException {
        BytesRef from = new BytesRef(documentId + '\0');
        Map<BytesRef, StoredDocument> found = new TreeMap<>();
        for (Visible.Segment segment : visible.segments()) {
            take(segment, from, new BytesRef(documentId + BEHIND), 1, found);
        }
        return found.values().stream().findFirst();
    }

    /** The documents behind this id, by the order of their ids in UTF-8; an empty id is before all. */
    List<StoredDocument> after(String documentId, int limit) throws IOException {
        BytesRef from = new BytesRef(documentId.isEmpty() ? "" : documentId + BEHIND);
        Map<BytesRef, StoredDocument> found = new TreeMap<>();
        for (Visible.Segment segment : visible.segments()) {
            take(segment, from, null, limit, found);
        }
        List<StoredDocument> documents = new ArrayList<>(found.values());
        return List.copyOf(documents.size() <= limit ? documents : documents.subList(0, limit));
    }

    /** A document's chunks are in one segment: they were added together, and merges keep segments whole. */
    private void take(
            Visible.Segment segment,
            BytesRef from,
            @Nullable BytesRef to,
            int limit,
            Map<BytesRef, StoredDocument> found)
            throws IOException {
        Terms puts = segment.reader().terms(ChunkFields.PUT);
        if (puts == null) {
            return;
        }
        TermsEnum terms = puts.iterator();
        boolean there = terms.seekCeil(from) != SeekStatus.END;
        int taken = 0;
        while (there && taken < limit && (to == null || terms.term().compareTo(to) < 0)) {
            PostingsEnum chunks = terms.postings(null, PostingsEnum.NONE);
            int first = -1;
            int count = 0;
            for (int doc = chunks.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = chunks.nextDoc()) {
                if (segment.isThere(doc)) {
                    first = first < 0 ? doc : first;
                    count++;
                }
            }
            if (count > 0) {
                found.put(
                        BytesRef.deepCopyOf(terms.term()),
                        ChunkFields.storedDocument(stored, segment.base() + first, count));
                taken++;
            }
            there = terms.next() != null;
        }
    }
}
