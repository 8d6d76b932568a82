package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;

/** How a stage or a run ended. */
@AvroName(namespace = "io.tailrace.events.run")
public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELED
}
