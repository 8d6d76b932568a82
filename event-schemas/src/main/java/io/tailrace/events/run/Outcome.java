package io.tailrace.events.run;

/** How a stage or a run ended. */
public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELED
}
