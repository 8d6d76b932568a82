package io.tailrace.knowledge.index;

/**
 * A document that a repository has at a version.
 *
 * @param digest as it came with the put
 * @param version the position of the put that the document is from
 * @param chunks that it was cut into
 */
public record StoredDocument(String documentId, String title, String digest, long version, int chunks) {}
