package io.tailrace.turn.provider.config;

/** The operator's list of providers cannot be used; the message names the file, the place in it, and what is wrong. */
public final class InvalidProvidersFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final String path;

    InvalidProvidersFile(String path, String reason) {
        super(path + ": " + reason);
        this.path = path;
    }

    InvalidProvidersFile(String file, InvalidProvidersFile cause) {
        super(file + ": " + cause.getMessage(), cause);
        this.path = cause.path;
    }

    /** Where in the document, as {@code providers[1].models[0].id}; {@code $} for the whole. */
    public String path() {
        return path;
    }
}
