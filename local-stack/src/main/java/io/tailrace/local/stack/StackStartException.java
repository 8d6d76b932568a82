package io.tailrace.local.stack;

/** The stack was not started, or not stopped; the message tells a person why and what to do. */
public final class StackStartException extends RuntimeException {

    StackStartException(String message) {
        super(message);
    }

    StackStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
