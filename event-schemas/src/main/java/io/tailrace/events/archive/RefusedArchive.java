package io.tailrace.events.archive;

import io.tailrace.events.text.Excerpt;

/** An archive that is none, that is damaged, or that may not be unpacked. The message says what is wrong and where. */
public final class RefusedArchive extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 100;

    private final String code;

    private RefusedArchive(String code, String message) {
        super(message);
        this.code = code;
    }

    static RefusedArchive none() {
        return new RefusedArchive("not_an_archive", "The body is neither a zip nor a tar.gz archive.");
    }

    static RefusedArchive damaged(String reason) {
        return new RefusedArchive(
                "archive_damaged", "The archive cannot be read to its end: " + reason.replaceFirst("[.]$", "") + ".");
    }

    static RefusedArchive empty() {
        return new RefusedArchive("archive_empty", "There is nothing in the archive.");
    }

    static RefusedArchive encrypted(String entry) {
        return new RefusedArchive("archive_encrypted", "The entry " + shown(entry) + " is encrypted.");
    }

    static RefusedArchive method(String entry, String method) {
        return new RefusedArchive(
                "archive_unsupported",
                "The entry " + shown(entry) + " is compressed by the method " + method
                        + ", which is not taken. Pack it with deflate, as every zip program can.");
    }

    static RefusedArchive tooMany(int entries) {
        return new RefusedArchive(
                "archive_too_large", "The archive has more than " + entries + " entries (files and folders).");
    }

    static RefusedArchive tooLarge(long bytes) {
        return new RefusedArchive("archive_too_large", "What is in the archive has more than " + bytes + " bytes.");
    }

    static RefusedArchive unsafe(String entry, String reason) {
        return new RefusedArchive("archive_unsafe", "The entry " + shown(entry) + " " + reason + ".");
    }

    private static String shown(String name) {
        return '"' + Excerpt.printable(name, SHOWN) + '"';
    }

    /** Stable, snake_case. */
    public String code() {
        return code;
    }

    /** What is wrong; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
