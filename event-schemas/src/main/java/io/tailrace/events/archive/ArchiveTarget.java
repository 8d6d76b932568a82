package io.tailrace.events.archive;

import io.tailrace.events.definition.EntryName;
import java.io.IOException;
import java.io.InputStream;

/** Where the entries of an archive go. Every name comes once; a folder may come after what lies in it. */
public interface ArchiveTarget {
    /** A folder. */
    void folder(EntryName name) throws IOException;

    /**
     * A file.
     *
     * @param content to be read to its end; counted, and fails when it exceeds the archive's limits
     */
    void file(EntryName name, InputStream content, boolean executable) throws IOException;
}
