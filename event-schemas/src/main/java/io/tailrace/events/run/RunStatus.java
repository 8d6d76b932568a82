package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;

/** What a client sees a run to be. */
@AvroName(namespace = "io.tailrace.events.run")
public enum RunStatus {
    /** Accepted; no attempt of its first stage has started yet. */
    QUEUED,
    RUNNING,
    /** A chat that waits for a turn. */
    IDLE,
    /** A person is asked whether a tool may be called. */
    WAITING,
    /** A cancel was recorded and is being carried out. */
    CANCELING,
    SUCCEEDED,
    FAILED,
    CANCELED;

    /** Whether it stays so for ever. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELED;
    }

    /** The status of a run that has ended so. */
    public static RunStatus of(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> SUCCEEDED;
            case FAILED -> FAILED;
            case CANCELED -> CANCELED;
        };
    }
}
