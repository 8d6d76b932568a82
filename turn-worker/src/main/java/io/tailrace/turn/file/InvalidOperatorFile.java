package io.tailrace.turn.file;

/** A file of the operator's cannot be used; the message names the file, the place in it, and what is wrong. */
public final class InvalidOperatorFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final String path;

    public InvalidOperatorFile(String path, String reason) {
        super(path + ": " + reason);
        this.path = path;
    }

    InvalidOperatorFile(String file, InvalidOperatorFile cause) {
        super(file + ": " + cause.getMessage(), cause);
        this.path = cause.path;
    }

    /** Where in the document, as {@code providers[1].models[0].id}; {@code $} for the whole. */
    public String path() {
        return path;
    }
}
