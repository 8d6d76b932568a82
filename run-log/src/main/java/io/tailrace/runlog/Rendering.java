package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;

/** Turns records into the bytes that clients get. Thread-safe; compared by identity. */
public interface Rendering {
    /** Decodes a record, to render its events. */
    Rendered render(ReadItem.Numbered item);

    /** A decoded record. Confined to one thread. */
    interface Rendered {
        /** The bytes of its events from one index (inclusive, from 0) to another (exclusive). */
        byte[] events(int from, int to);
    }
}
