package io.tailrace.runlog;

/** The log could not be read in time. Trying again can help. */
public final class LogUnreadable extends Exception {
    private static final long serialVersionUID = 1L;

    /** For a reason that no other failure stands behind. */
    public LogUnreadable(String message) {
        super(message);
    }

    LogUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
