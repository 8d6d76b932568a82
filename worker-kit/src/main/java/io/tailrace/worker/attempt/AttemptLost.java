package io.tailrace.worker.attempt;

/**
 * The stage is no longer this attempt's: another attempt holds it, it was ended by force, or a send failed. Whoever sees this stops what
 * it does and writes nothing more.
 */
public final class AttemptLost extends Exception {
    private static final long serialVersionUID = 1L;

    public AttemptLost(String reason) {
        super(reason);
    }

    public AttemptLost(String reason, Throwable cause) {
        super(reason, cause);
    }
}
