package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import java.util.Optional;

/**
 * A knowledge repository, or that there is none any more. What is in it stands in the topic of repositories.
 *
 * @param generation from 1; one more each time the repository is made anew after it was deleted
 * @param shape what it is made for; empty once it was deleted. It never changes within a generation
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record RepositoryDefinition(int generation, Optional<Shape> shape) implements Definition.Resource {

    /**
     * What decides how a repository's documents are stored and found.
     *
     * @param language in which its words are bent, in lower case
     * @param model whose vectors its chunks have; without one it is searched by keyword alone
     * @param maxChunkTokens of a chunk, by our estimate
     */
    public record Shape(String language, Optional<Model> model, int maxChunkTokens) {}

    /** A model of embeddings. */
    public record Model(String id, int dimensions) {}
}
