package io.tailrace.events.archive;

import io.tailrace.events.definition.EntryName;
import io.tailrace.events.definition.UnsafeEntryName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What of an archive was seen until now: every name once, no file within a file, nothing beyond the limits. Confined to one thread. */
final class Inventory {
    private final ArchiveLimits limits;
    private final Set<String> files = new HashSet<>();
    private final Map<String, Boolean> folders = new HashMap<>();
    private long bytes;

    Inventory(ArchiveLimits limits) {
        this.limits = limits;
    }

    boolean isEmpty() {
        return files.isEmpty() && folders.isEmpty();
    }

    EntryName folder(String name) throws RefusedArchive {
        EntryName parsed = parsed(name);
        addFolders(name, parsed, parsed.parts().size());
        return parsed;
    }

    EntryName file(String name) throws RefusedArchive {
        EntryName parsed = parsed(name);
        if (parsed.isRoot()) {
            throw RefusedArchive.unsafe(name, "is no file name");
        }
        addFolders(name, parsed, parsed.parts().size() - 1);
        String path = parsed.toString();
        if (folders.containsKey(path)) {
            throw RefusedArchive.unsafe(name, "is a file, and a folder too");
        }
        if (!files.add(path)) {
            throw RefusedArchive.unsafe(name, "is there twice");
        }
        count();
        return parsed;
    }

    private static EntryName parsed(String name) throws RefusedArchive {
        try {
            return EntryName.parse(name);
        } catch (UnsafeEntryName e) {
            throw RefusedArchive.unsafe(name, e.reason());
        }
    }

    private void addFolders(String name, EntryName parsed, int depth) throws RefusedArchive {
        StringBuilder path = new StringBuilder();
        for (String part : parsed.parts().subList(0, depth)) {
            path.append(path.isEmpty() ? "" : "/").append(part);
            String folder = path.toString();
            if (files.contains(folder)) {
                throw RefusedArchive.unsafe(name, "lies in \"" + folder + "\", which is a file");
            }
            if (folders.put(folder, true) == null) {
                count();
            }
        }
    }

    private void count() throws RefusedArchive {
        if (files.size() + folders.size() > limits.entries()) {
            throw RefusedArchive.tooMany(limits.entries());
        }
    }

    /** A content whose bytes are counted, whatever the archive says of its size; closing it does nothing. */
    InputStream counted(InputStream content) {
        return new FilterInputStream(content) {
            @Override
            public int read() throws IOException {
                int value = super.read();
                add(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                add(Math.max(0, read));
                return read;
            }

            private void add(int count) throws IOException {
                bytes += count;
                if (bytes > limits.bytes()) {
                    throw new TooLarge();
                }
            }

            @Override
            public void close() {
                // It is one of many in the same archive.
            }
        };
    }

    /** Carries the refusal through whoever reads a content. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
