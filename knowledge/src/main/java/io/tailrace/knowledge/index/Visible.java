package io.tailrace.knowledge.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * The chunks that are there at a version, and their counts. Whatever Lucene itself counts has also what was deleted and
 * is not merged yet, or what other versions have, so nothing of that is used. Immutable; some five bytes for each chunk
 * of the index.
 *
 * @param chunks there at the version
 * @param terms that these chunks have in all
 */
record Visible(List<Segment> segments, long chunks, long terms) {

    /** A segment of Lucene; chunks have its numbers. */
    static final class Segment {
        private final LeafReader reader;
        private final int base;
        private final FixedBitSet there;
        private final int[] lengths;

        private Segment(LeafReader reader, int base, FixedBitSet there, int[] lengths) {
            this.reader = reader;
            this.base = base;
            this.there = there;
            this.lengths = lengths;
        }

        LeafReader reader() {
            return reader;
        }

        /** The index's number of the segment's first chunk. */
        int base() {
            return base;
        }

        /** With those that are not there. */
        int chunks() {
            return lengths.length;
        }

        boolean isThere(int chunk) {
            return there.get(chunk);
        }

        /** In terms. */
        int length(int chunk) {
            return lengths[chunk];
        }
    }

    static Visible at(DirectoryReader reader, long version) throws IOException {
        List<Segment> segments = new ArrayList<>();
        long chunks = 0;
        long terms = 0;
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            FixedBitSet there = new FixedBitSet(leaf.maxDoc());
            int[] lengths = new int[leaf.maxDoc()];
            NumericDocValues from = leaf.getNumericDocValues(ChunkFields.FROM);
            NumericDocValues until = leaf.getNumericDocValues(ChunkFields.UNTIL);
            NumericDocValues length = leaf.getNumericDocValues(ChunkFields.LENGTH);
            Bits live = leaf.getLiveDocs();
            for (int doc = 0; doc < leaf.maxDoc(); doc++) {
                if ((live == null || live.get(doc)) && value(from, doc) <= version && version < value(until, doc)) {
                    there.set(doc);
                    lengths[doc] = (int) value(length, doc);
                    chunks++;
                    terms += lengths[doc];
                }
            }
            segments.add(new Segment(leaf, context.docBase, there, lengths));
        }
        return new Visible(List.copyOf(segments), chunks, terms);
    }

    private static long value(NumericDocValues values, int doc) throws IOException {
        if (!values.advanceExact(doc)) {
            throw new IOException("a chunk without its numbers");
        }
        return values.longValue();
    }
}
