package io.tailrace.gateway.configuration;

import io.tailrace.events.archive.ArchiveLimits;
import io.tailrace.events.archive.ArchiveReader;
import io.tailrace.events.archive.ArchiveTarget;
import io.tailrace.events.archive.RefusedArchive;
import io.tailrace.events.definition.EntryName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Looks through a whole archive before it is taken, by the rule that workers unpack by. Immutable. */
final class ArchiveCheck {
    private final ArchiveLimits limits;

    ArchiveCheck(ArchiveLimits limits) {
        this.limits = limits;
    }

    /** The format of an archive that may be taken. */
    String formatOf(byte[] archive) throws RefusedArchive {
        try {
            return ArchiveReader.read(new SeekableInMemoryByteChannel(archive), limits, new Nowhere());
        } catch (IOException e) {
            throw new UncheckedIOException("what goes nowhere cannot fail", e);
        }
    }

    /** Reads what it is given, and keeps nothing. */
    private static final class Nowhere implements ArchiveTarget {
        @Override
        public void folder(EntryName name) {
            // It is looked at by the reader.
        }

        @Override
        public void file(EntryName name, InputStream content, boolean executable) throws IOException {
            content.transferTo(OutputStream.nullOutputStream());
        }
    }
}
