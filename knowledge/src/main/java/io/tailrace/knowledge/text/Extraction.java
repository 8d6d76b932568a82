package io.tailrace.knowledge.text;

/** What came of a document. */
public sealed interface Extraction {

    record Extracted(DocumentText document) implements Extraction {}

    /** The document's fault; the same document is refused again. */
    record Refused(RefusalReason reason, String detail) implements Extraction {}

    /** Not the document's fault: the process that reads PDFs did not start, or was interrupted. Another try can succeed. */
    record Unavailable(String detail) implements Extraction {}
}
