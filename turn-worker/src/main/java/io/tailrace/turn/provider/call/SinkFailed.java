package io.tailrace.turn.provider.call;

/** Carries what a sink threw past the adapter, which must not take it for a failure of its provider. */
final class SinkFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SinkFailed(Throwable cause) {
        super(cause);
    }

    /** Throws what the sink threw. */
    RuntimeException unwrapped() {
        if (getCause() instanceof Error error) {
            throw error;
        }
        return getCause() instanceof RuntimeException exception ? exception : this;
    }
}
