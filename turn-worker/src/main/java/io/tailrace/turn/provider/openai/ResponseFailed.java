package io.tailrace.turn.provider.openai;

/** The Responses API said within its stream that it failed. */
final class ResponseFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String said;

    ResponseFailed(String kind, String said) {
        super(kind + ": " + said);
        this.kind = kind;
        this.said = said;
    }

    String kind() {
        return kind;
    }

    String said() {
        return said;
    }
}
