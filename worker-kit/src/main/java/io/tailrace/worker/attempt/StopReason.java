package io.tailrace.worker.attempt;

/** Why an attempt has to stop before its work is done. */
public enum StopReason {
    /** The stage is to be canceled: stop, say so, and end the stage as canceled. */
    CANCELED,
    /** The worker shuts down: stop; the stage is given back for another worker. */
    SHUTDOWN,
    /** The stage is no longer this attempt's: stop and say nothing more. */
    LOST
}
