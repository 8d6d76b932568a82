package io.tailrace.turn.tool.mcp;

/** A call, or a question, was ended by who made it. */
final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;
}
