package io.tailrace.gateway.events;

import io.tailrace.runlog.Delivery;

/** Wire names of what is said between events. */
final class ControlNames {
    private ControlNames() {}

    static String of(Delivery.ResetReason reason) {
        return switch (reason) {
            case EPOCH -> "epoch";
            case BEYOND_END -> "beyond_end";
            case REWRITTEN -> "rewritten";
            case KEY -> "key";
        };
    }
}
