package io.tailrace.knowledge.index;

import io.tailrace.knowledge.chunk.Chunk;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.util.BytesRef;

/** A chunk as a document of Lucene. To change anything here is a new {@link RepositoryIndex#FORMAT}. */
final class ChunkFields {
    /** Terms with their frequencies; searched. */
    static final String TERMS = "terms";
    /** How many terms the chunk has. */
    static final String LENGTH = "length";
    /** The put that the chunk came with: a document's id and a position. */
    static final String PUT = "put";
    /** The chunk is there from this position on … */
    static final String FROM = "from";
    /** … and gone from this one on. Updated in place. */
    static final String UNTIL = "until";
    /** Orders chunks of equal rank: document, then ordinal. Unique among those that are there at a version. */
    static final String KEY = "key";
    /** A {@link io.tailrace.knowledge.embed.Vector}, if there is one. */
    static final String VECTOR = "vector";

    /** Of a chunk that is there now. */
    static final long STILL = Long.MAX_VALUE;

    private static final FieldType COUNTED = new FieldType();

    static {
        COUNTED.setTokenized(true);
        COUNTED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        COUNTED.setOmitNorms(true);
        COUNTED.freeze();
    }

    private ChunkFields() {}

    static String put(String documentId, long position) {
        return documentId + '\0' + position;
    }

    static String documentOf(BytesRef key) {
        String text = key.utf8ToString();
        return text.substring(0, text.indexOf('\0'));
    }

    static Document of(Change.Put put, IndexedChunk indexed, Analysis analysis) {
        Chunk chunk = indexed.chunk();
        List<String> terms =
                analysis.terms(put.title() + "\n" + String.join("\n", chunk.headings()) + "\n" + chunk.text());
        Document document = new Document();
        document.add(new Field(TERMS, new Terms(terms), COUNTED));
        document.add(new NumericDocValuesField(LENGTH, terms.size()));
        document.add(new StringField(PUT, put(put.documentId(), put.position()), Field.Store.NO));
        document.add(new NumericDocValuesField(FROM, put.position()));
        document.add(new NumericDocValuesField(UNTIL, STILL));
        String key = put.documentId() + '\0' + String.format("%010d", chunk.ordinal());
        document.add(new BinaryDocValuesField(KEY, new BytesRef(key)));
        indexed.vector().ifPresent(it -> document.add(new BinaryDocValuesField(VECTOR, new BytesRef(it.toBytes()))));
        document.add(new StoredField("document", put.documentId()));
        document.add(new StoredField("title", put.title()));
        document.add(new StoredField("digest", put.digest()));
        document.add(new StoredField("version", put.position()));
        document.add(new StoredField("ordinal", chunk.ordinal()));
        document.add(new StoredField("start", chunk.start()));
        document.add(new StoredField("end", chunk.end()));
        chunk.headings().forEach(it -> document.add(new StoredField("heading", it)));
        document.add(new StoredField("text", chunk.text()));
        return document;
    }

    static Hit hit(StoredFields stored, int doc, double score) throws IOException {
        Document document = stored.document(doc);
        return new Hit(
                document.get("document"),
                document.get("title"),
                number(document, "version").longValue(),
                number(document, "ordinal").intValue(),
                number(document, "start").intValue(),
                number(document, "end").intValue(),
                List.copyOf(Arrays.asList(document.getValues("heading"))),
                document.get("text"),
                score);
    }

    /** @param doc any chunk of the document */
    static StoredDocument storedDocument(StoredFields stored, int doc, int chunks) throws IOException {
        Document document = stored.document(doc);
        return new StoredDocument(
                document.get("document"),
                document.get("title"),
                document.get("digest"),
                number(document, "version").longValue(),
                chunks);
    }

    private static Number number(Document document, String name) {
        IndexableField field = document.getField(name);
        return field.numericValue();
    }

    /** Terms that are known already. */
    private static final class Terms extends TokenStream {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
        private final List<String> terms;
        private Iterator<String> left;

        Terms(List<String> terms) {
            this.terms = terms;
            this.left = terms.iterator();
        }

        @Override
        public void reset() {
            left = terms.iterator();
        }

        @Override
        public boolean incrementToken() {
            clearAttributes();
            if (!left.hasNext()) {
                return false;
            }
            term.append(left.next());
            return true;
        }
    }
}
