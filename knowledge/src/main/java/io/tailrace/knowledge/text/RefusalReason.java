package io.tailrace.knowledge.text;

/** Why a document has no text for us. The names are for clients: {@link #code()}. */
public enum RefusalReason {
    /** More bytes than the limit. */
    TOO_LARGE("document_too_large"),
    /** More characters of text than the limit. */
    TOO_MUCH_TEXT("document_has_too_much_text"),
    /** Its text was not read within the time. */
    TOO_SLOW("document_takes_too_long"),
    /** Reading it needs more memory or depth than there is for one document. */
    TOO_COMPLEX("document_too_complex"),
    /** Bytes that are no text of the encoding. */
    NOT_TEXT("document_is_no_text"),
    /** Not what its format says. */
    MALFORMED("document_malformed"),
    /** Locked with a password. */
    ENCRYPTED("document_encrypted"),
    /** Nothing to read in it, such as a scan without text. */
    EMPTY("document_has_no_text");

    private final String code;

    RefusalReason(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
