package io.tailrace.gateway.repository;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.WorkspacePath;
import java.util.Optional;
import java.util.regex.Pattern;

/** How repositories and documents may be called. */
final class RepositoryNames {
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern DOCUMENT =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
    private static final int MAX_DOCUMENT = 200;

    static final String DOCUMENT_RULE = "A document has 1 to " + MAX_DOCUMENT
            + " letters, digits, '.', '_', '-' and '/'; no part between slashes is empty or begins with '.'";

    private RepositoryNames() {}

    static WorkspaceId workspace(Optional<String> parameter) {
        return WorkspacePath.parameter(parameter);
    }

    /** @throws RunProblem {@code malformed_repository_id} */
    static String repository(String segment) {
        if (!isRepository(segment)) {
            throw RunProblem.invalid(
                    "malformed_repository_id",
                    "repository_id",
                    "A repository has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first.");
        }
        return segment;
    }

    static boolean isRepository(String id) {
        return REPOSITORY.matcher(id).matches();
    }

    static boolean isDocument(String id) {
        return id.length() <= MAX_DOCUMENT && DOCUMENT.matcher(id).matches();
    }

    /**
     * The document that the rest of a path names.
     *
     * @throws RunProblem {@code malformed_document_id}
     */
    static String document(String rest) {
        String id = rest.startsWith("/") ? rest.substring(1) : rest;
        if (!isDocument(id)) {
            throw RunProblem.invalid("malformed_document_id", "document_id", DOCUMENT_RULE + ".");
        }
        return id;
    }
}
