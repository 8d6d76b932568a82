package io.tailrace.knowledge.index;

/** What an index has at a version. */
public sealed interface AtVersion {
    /** To be closed by whoever asked. */
    record Found(RepositoryView view) implements AtVersion {}

    /** The changes up to that version were not applied yet. */
    record Behind(long version) implements AtVersion {}

    /** That version was forgotten; this is the oldest that is known. */
    record Forgotten(long oldest) implements AtVersion {}
}
