package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;

/** What becomes of a turn that is submitted while another one is active. */
@AvroName(namespace = "io.tailrace.events.plan")
public enum TurnPolicy {
    /** It is rejected. */
    REJECT,
    /** It waits for those before it. */
    ENQUEUE,
    /** The active turn is canceled, what waits is rejected, and it comes next. */
    INTERRUPT
}
