package io.tailrace.turn.tool.mcp;

import java.util.Locale;

/** Why a session with a server ended. */
enum ServerEnd {
    /** Nobody called it for a while. */
    IDLE,
    /** The worker ends. */
    CLOSED,
    /** Its process ended, or its connection. */
    DIED,
    /** It did not answer in time, or did not come back after a call was canceled. */
    UNRESPONSIVE,
    /** It used more than its share of the machine. */
    OVERUSE;

    /** In metrics. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isFailure() {
        return this != IDLE && this != CLOSED;
    }
}
