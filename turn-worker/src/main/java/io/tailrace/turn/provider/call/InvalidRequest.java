package io.tailrace.turn.provider.call;

/** A request that no provider can be asked; nothing was sent. */
public final class InvalidRequest extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidRequest(String message) {
        super(message);
    }

    /** What is wrong; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
