package io.tailrace.builds.artifact;

import io.tailrace.events.archive.RefusedArchive;

/** An archive cannot be had or cannot be used; the message tells its owner what to do. */
public final class ArchiveProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    private ArchiveProblem(String code, String message) {
        super(message);
        this.code = code;
    }

    static ArchiveProblem missing(String digest) {
        return new ArchiveProblem(
                "archive_missing",
                "The archive " + digest + " is no longer in the log. Upload the configuration again.");
    }

    static ArchiveProblem unreachable(String reason) {
        return new ArchiveProblem("archive_unreachable", "The archive could not be read from the log: " + reason + ".");
    }

    static ArchiveProblem damaged(String reason) {
        return new ArchiveProblem(
                "archive_damaged", "The archive is damaged: " + reason + ". Pack it anew and upload it again.");
    }

    static ArchiveProblem refused(RefusedArchive refused) {
        return new ArchiveProblem(refused.code(), refused.reason() + " Pack it anew and upload it again.");
    }

    static ArchiveProblem tooLarge(String reason) {
        return new ArchiveProblem("archive_too_large", "The archive is refused: " + reason + ". Pack less.");
    }

    static ArchiveProblem noProject() {
        return new ArchiveProblem(
                "no_project_file",
                "The archive has no pyproject.toml and no setup.py, neither at its root nor in its single top folder. "
                        + "Pack the folder of a Python project.");
    }

    /** A stable, machine-readable code in snake_case. */
    public String code() {
        return code;
    }

    /** What is wrong and how to mend it; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
