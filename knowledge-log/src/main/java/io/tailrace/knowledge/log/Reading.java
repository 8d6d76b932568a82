package io.tailrace.knowledge.log;

import io.tailrace.knowledge.index.RepositoryView;

/** What a repository answers with. */
public sealed interface Reading {
    /** To be closed by whoever asked. */
    record Found(RepositoryView view) implements Reading {}

    /** The index was not that far when the time was up. It goes on from here next time. */
    record Behind(long version) implements Reading {}

    /**
     * The log has no such version, as far as the broker says that was asked. This is the newest; -1 if it never had a record.
     */
    record Ahead(long newest) implements Reading {}

    /** The log need not have that version any more; this is the oldest that can be asked for. */
    record Forgotten(long oldest) implements Reading {}

    /** As many repositories are open here as may be, and all of them are at work. */
    record NoRoom() implements Reading {}
}
