package io.tailrace.events.codec;

/** A record's value that is not of our framing, names a schema that this release does not know, or contradicts it. */
public final class UndecodableRecord extends Exception {
    private static final long serialVersionUID = 1L;

    public UndecodableRecord(String message) {
        super(message);
    }

    public UndecodableRecord(String message, Throwable cause) {
        super(message, cause);
    }
}
