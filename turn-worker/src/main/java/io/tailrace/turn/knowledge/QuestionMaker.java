package io.tailrace.turn.knowledge;

import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.events.text.Excerpt;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The questions of one retrieval: a text, and its vector by each model that its sources have. Confined to one thread. */
final class QuestionMaker {
    private final String text;
    private final InstalledEmbeddings models;
    private final Map<String, Vector> vectors = new HashMap<>();

    /** @param text of a long one its beginning is asked */
    QuestionMaker(String text, InstalledEmbeddings models) {
        this.text = Excerpt.beginning(text.strip(), Question.MAX_CHARACTERS);
        this.models = models;
    }

    /** The question for a source. Blocks for as long as a model takes. */
    Question of(Source source, SearchType type) throws RetrievalRefused {
        return switch (type) {
            case KEYWORD -> new Question.Keyword(text);
            case VECTOR -> new Question.ByVector(vector(source));
            case HYBRID -> new Question.Hybrid(text, vector(source));
        };
    }

    private Vector vector(Source source) throws RetrievalRefused {
        RepositoryDefinition.Model model =
                source.shape().model().orElseThrow(() -> RetrievalRefused.withoutVectors(source));
        Embeddings embeddings = models.find(model.id())
                .filter(it -> it.model().dimensions() == model.dimensions())
                .orElseThrow(() -> RetrievalRefused.unknownModel(source, model.id()));
        Vector known = vectors.get(model.id());
        if (known != null) {
            return known;
        }
        try {
            Vector made = embeddings.embed(List.of(text)).getFirst();
            vectors.put(model.id(), made);
            return made;
        } catch (EmbeddingFailed e) {
            throw RetrievalRefused.notEmbedded(source, model.id(), e);
        }
    }
}
