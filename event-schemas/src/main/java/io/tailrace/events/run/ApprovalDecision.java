package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;

/** What became of the question whether a tool may be called. */
@AvroName(namespace = "io.tailrace.events.run")
public enum ApprovalDecision {
    /** A person allowed it. */
    APPROVED,
    /** A person did not. */
    DENIED,
    /** Nobody answered in time. */
    EXPIRED
}
