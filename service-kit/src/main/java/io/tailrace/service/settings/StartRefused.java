package io.tailrace.service.settings;

/** The process does not start, for a reason that the operator can mend. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * A refusal in words.
     *
     * @param description what is wrong
     * @param action what to do about it
     */
    public StartRefused(String description, String action) {
        super(description);
        this.action = action;
    }

    String action() {
        return action;
    }
}
