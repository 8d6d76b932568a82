package io.tailrace.gateway.problem;

import io.tailrace.events.id.WorkspaceId;
import java.util.List;

/** The problems that only knowledge repositories have. */
public final class KnowledgeProblem {
    private static final String INVALID = "The request is not valid";

    private KnowledgeProblem() {}

    /** A repository that does not exist, which was made sure of. */
    public static RunProblem unknownRepository(WorkspaceId workspace, String id) {
        return RunProblem.http(
                404,
                "unknown_repository",
                "No such repository",
                "There is no repository " + id + " in the workspace " + workspace + ".");
    }

    /** A document that does not exist, which was made sure of. */
    public static RunProblem unknownDocument(String repository, String document) {
        return RunProblem.http(
                404,
                "unknown_document",
                "No such document",
                "The repository " + repository + " has no document " + document + ".");
    }

    /** A repository that is there, and is made for something else. */
    public static RunProblem repositoryIsOtherwise(String id) {
        return RunProblem.http(
                409,
                "repository_is_otherwise",
                "The repository is made for something else",
                "Language, model and chunks of the repository " + id
                        + " stay as they are, because its documents are stored so. Delete it and make it anew.");
    }

    /** A model that this gateway does not have. */
    public static RunProblem unknownModel(List<String> known) {
        return RunProblem.http(
                422,
                "unknown_embedding_model",
                "No such model",
                "model",
                known.isEmpty()
                        ? "This gateway has no model of embeddings. Leave it out for a search by keyword."
                        : "Known are: " + String.join(", ", known) + ".");
    }

    /** More tokens in a chunk than the model reads. */
    public static RunProblem chunksTooLong(int most) {
        return RunProblem.http(
                422,
                "out_of_range",
                INVALID,
                "max_chunk_tokens",
                "The model reads at most " + most + " tokens of a text.");
    }

    /** A search by vector where there are none. */
    public static RunProblem repositoryWithoutModel(String id) {
        return RunProblem.http(
                422,
                "repository_without_model",
                "The repository has no vectors",
                "mode",
                "The repository " + id + " was made without a model of embeddings: it is searched with mode=keyword.");
    }

    /** A repository whose model another gateway has, and this one has not. */
    public static RunProblem modelNotHere(String model) {
        return RunProblem.unavailable(
                "embedding_model_unavailable",
                "This gateway has not the repository's model",
                "It has not the model " + model + ". Ask another gateway; mode=keyword works here too.");
    }

    /** A model that gave no vectors. */
    public static RunProblem embeddingFailed(Throwable cause) {
        return RunProblem.unavailable(
                "embedding_failed",
                "The model of embeddings gave no vectors",
                "Nothing was stored. Try again in a moment.",
                cause);
    }

    /** A document that has no text for us. */
    public static RunProblem refused(String code, String detail) {
        return RunProblem.http(422, code, "The document cannot be taken", "The document: " + detail + ".");
    }

    /** A document that could not be read for no fault of its own. */
    public static RunProblem notRead(String detail) {
        return RunProblem.unavailable(
                "document_not_read", "The document was not read", "Not its fault: " + detail + ". Try again.");
    }

    /** A document whose chunks do not fit into a record of the log. */
    public static RunProblem tooMuchForTheLog(int maxBytes) {
        return RunProblem.http(
                422,
                "document_too_long",
                "The document cannot be taken",
                "Its text and vectors need more than " + maxBytes + " bytes. Cut it into several documents.");
    }

    /** An index that is not as far as the question. */
    public static RunProblem repositoryBehind(long version) {
        return RunProblem.unavailable(
                "repository_behind",
                "This gateway has not caught up with the repository",
                version < 0
                        ? "It still reads it, or the log has no such version. Try again in a moment."
                        : "It is at version " + version
                                + " and reads on, or the log has no such version. Try again in a" + " moment.");
    }

    /** A version that is too old to be asked for. */
    public static RunProblem versionForgotten(long oldest) {
        return RunProblem.http(
                410,
                "version_forgotten",
                "The version is too old",
                "version",
                "Versions are kept for a week. The oldest that can be asked for is " + oldest + ".");
    }

    /** More repositories asked at this gateway than it has room for. */
    public static RunProblem tooManyRepositories() {
        return RunProblem.unavailable(
                "too_many_repositories",
                "This gateway searches as many repositories as it may",
                "Try again in a moment, or at another gateway.");
    }

    /** An index that cannot be read or written; it is built anew. */
    public static RunProblem repositoryUnreadable(Throwable cause) {
        return RunProblem.unavailable(
                "repository_unreadable",
                "The repository cannot be read",
                "The log or the disk did not give it. Try again in a moment.",
                cause);
    }
}
