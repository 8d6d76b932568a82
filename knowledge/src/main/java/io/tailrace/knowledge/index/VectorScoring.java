package io.tailrace.knowledge.index;

import io.tailrace.knowledge.embed.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.util.BytesRef;

/**
 * Compares the question with every chunk's vector: exact. A graph of neighbours would be faster and find other chunks
 * when the index was built in other steps. What points away from the question (a cosine of 0 or less) is not found.
 */
final class VectorScoring {
    private VectorScoring() {}

    static Scores of(Visible visible, Vector question) throws IOException {
        List<double[]> rank = new ArrayList<>();
        List<double[]> relevance = new ArrayList<>();
        for (Visible.Segment segment : visible.segments()) {
            double[] cosines = new double[segment.chunks()];
            BinaryDocValues vectors = segment.reader().getBinaryDocValues(ChunkFields.VECTOR);
            if (vectors != null) {
                int doc;
                while ((doc = vectors.nextDoc()) != BinaryDocValues.NO_MORE_DOCS) {
                    if (segment.isThere(doc)) {
                        BytesRef bytes = vectors.binaryValue();
                        Vector vector = Vector.fromBytes(bytes.bytes, bytes.offset, bytes.length);
                        cosines[doc] = Relevance.ofCosine(question.cosine(vector));
                    }
                }
            }
            rank.add(cosines);
            relevance.add(cosines);
        }
        return new Scores(rank, relevance);
    }
}
