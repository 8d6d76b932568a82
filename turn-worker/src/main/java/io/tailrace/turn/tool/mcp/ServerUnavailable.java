package io.tailrace.turn.tool.mcp;

/** A server could not be reached, or is no more; the message says why, in words for an operator. */
final class ServerUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    ServerUnavailable(String message) {
        super(message);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
