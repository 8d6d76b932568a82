package io.tailrace.knowledge.index;

import io.tailrace.knowledge.embed.EmbeddingModel;
import java.util.Optional;

/**
 * What an index is built for. An index that was built for something else is built again.
 *
 * @param repository its id
 * @param model of its vectors; without one there is no search by vectors
 */
public record IndexSettings(String repository, Language language, Optional<EmbeddingModel> model) {
    /** Equal for settings whose indexes are the same. */
    String fingerprint() {
        String vectors = model.map(it -> it.id() + "/" + it.dimensions()).orElse("none");
        return repository + "|" + language.name() + "|" + vectors;
    }
}
