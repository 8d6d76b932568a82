package io.tailrace.turn.provider;

/** A definition of a provider, a model or its settings that nobody can work with; names the field and what is wrong with it. */
public final class InvalidDefinition extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    InvalidDefinition(String field, String reason) {
        super(field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** As in the providers file, from the definition on. */
    public String field() {
        return field;
    }

    public String reason() {
        return reason;
    }
}
