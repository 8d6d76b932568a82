package io.tailrace.turn.knowledge;

import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import java.util.Map;

/** A retrieval that no try of the same turn makes succeed. */
public final class RetrievalRefused extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialized
    private final TurnFailure failure;

    private RetrievalRefused(TurnFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /** What the turn fails with. */
    public TurnFailure failure() {
        return failure;
    }

    static RetrievalRefused forgotten(Source source, long oldest) {
        return new RetrievalRefused(new TurnFailure(
                "knowledge_version_forgotten",
                "The repository " + source.repository() + " was to be asked at version " + source.version()
                        + ", which is no longer kept; the oldest is " + oldest
                        + ". Run it once more: a new run asks the"
                        + " repository as it is then.",
                true,
                Map.of(
                        "repository",
                        source.repository(),
                        "version",
                        Long.toString(source.version()),
                        "oldest",
                        Long.toString(oldest))));
    }

    static RetrievalRefused unknownVersion(Source source, long newest) {
        return new RetrievalRefused(new TurnFailure(
                "knowledge_version_unknown",
                "The repository " + source.repository() + " was to be asked at version " + source.version()
                        + ", but its log ends with " + newest
                        + ": the end of the log was lost, or the version is none of it. Run it once more: a new run asks the"
                        + " repository as it is then.",
                true,
                Map.of(
                        "repository",
                        source.repository(),
                        "version",
                        Long.toString(source.version()),
                        "newest",
                        Long.toString(newest))));
    }

    static RetrievalRefused unknownLanguage(Source source) {
        return new RetrievalRefused(new TurnFailure(
                "knowledge_language_unknown",
                "The repository " + source.repository() + " is in the language "
                        + source.shape().language()
                        + ", which this worker's release does not know. Update the turn-workers.",
                false,
                Map.of(
                        "repository",
                        source.repository(),
                        "language",
                        source.shape().language())));
    }

    static RetrievalRefused withoutVectors(Source source) {
        return new RetrievalRefused(new TurnFailure(
                "repository_without_model",
                "The repository " + source.repository() + " has no vectors: it can be searched by keyword alone.",
                false,
                Map.of("repository", source.repository())));
    }

    static RetrievalRefused unknownModel(Source source, String model) {
        return new RetrievalRefused(new TurnFailure(
                "embedding_model_unknown",
                "The repository " + source.repository() + " has vectors of the model " + model
                        + ", which this worker has not: its questions cannot be embedded. Put the model's jar on the class"
                        + " path of the turn-workers, or search by keyword.",
                false,
                Map.of("repository", source.repository(), "model", model)));
    }

    static RetrievalRefused notEmbedded(Source source, String model, EmbeddingFailed cause) {
        RetrievalRefused refused = new RetrievalRefused(new TurnFailure(
                "embedding_failed",
                "The question could not be embedded by the model " + model + ": " + cause.getMessage(),
                cause.retryable(),
                Map.of("repository", source.repository(), "model", model)));
        refused.initCause(cause);
        return refused;
    }
}
