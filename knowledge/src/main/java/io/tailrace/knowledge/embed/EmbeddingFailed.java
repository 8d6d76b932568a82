package io.tailrace.knowledge.embed;

/** A model gave no vectors. */
public final class EmbeddingFailed extends Exception {
    private final boolean retryable;

    public EmbeddingFailed(String message, boolean retryable, Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call can succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
