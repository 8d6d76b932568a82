package io.tailrace.gateway.configuration;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.EntryName;
import io.tailrace.events.definition.UnsafeEntryName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * Looks through a whole archive before it is taken: every entry has to be a file or a folder inside the archive's own
 * root, and what is in it has to stay within the bounds, whatever the archive says about itself. Immutable.
 */
final class ArchiveCheck {
    private final long maxUnpackedBytes;
    private final int maxEntries;

    ArchiveCheck(long maxUnpackedBytes, int maxEntries) {
        this.maxUnpackedBytes = maxUnpackedBytes;
        this.maxEntries = maxEntries;
    }

    /** The format of an archive that may be taken. */
    String formatOf(byte[] archive) throws UnusableArchive {
        try {
            if (startsWith(archive, 'P', 'K', 3, 4)) {
                checkZip(archive);
                return ArtifactRef.ZIP;
            }
            if (startsWith(archive, 0x1f, 0x8b)) {
                checkTar(archive);
                return ArtifactRef.TAR_GZ;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableArchive("archive_damaged", "The archive cannot be read to its end: " + e.getMessage());
        }
        throw new UnusableArchive("not_an_archive", "The body is neither a zip nor a tar.gz archive.");
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private void checkZip(byte[] archive) throws IOException, UnusableArchive {
        Measure measure = new Measure();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive))
                .get()) {
            Enumeration<ZipArchiveEntry> entries = zip.getEntries();
            while (entries.hasMoreElements()) {
                ZipArchiveEntry entry = entries.nextElement();
                measure.entry(entry.getName(), entry.isDirectory());
                if (entry.isUnixSymlink()) {
                    throw link(entry.getName());
                }
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw new UnusableArchive(
                            "archive_encrypted", "The entry " + shown(entry.getName()) + " is encrypted.");
                }
                try (InputStream content = zip.getInputStream(entry)) {
                    measure.content(content);
                }
            }
        }
        measure.end();
    }

    private void checkTar(byte[] archive) throws IOException, UnusableArchive {
        Measure measure = new Measure();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(GzipCompressorInputStream.builder()
                .setInputStream(new ByteArrayInputStream(archive))
                .setDecompressConcatenated(true)
                .get())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                measure.entry(entry.getName(), entry.isDirectory());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    throw link(entry.getName());
                }
                if (!entry.isDirectory()
                        && (!entry.isFile() || entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice())) {
                    throw unsafe(entry.getName(), "is neither a file nor a folder");
                }
                measure.content(tar);
            }
        }
        measure.end();
    }

    private static UnusableArchive link(String name) {
        return unsafe(name, "is a link; links are not taken. Pack the files themselves");
    }

    private static UnusableArchive unsafe(String name, String reason) {
        return new UnusableArchive("archive_unsafe", "The entry " + shown(name) + " " + reason + ".");
    }

    private static String shown(String name) {
        String start = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    /** Counts while it is read. */
    private final class Measure {
        private final byte[] buffer = new byte[64 * 1024];
        private int entries;
        private long bytes;

        void entry(String name, boolean isFolder) throws UnusableArchive {
            entries++;
            if (entries > maxEntries) {
                throw new UnusableArchive("archive_too_large", "The archive has more than " + maxEntries + " entries.");
            }
            try {
                if (EntryName.parse(name).isRoot() && !isFolder) {
                    throw unsafe(name, "is no file name");
                }
            } catch (UnsafeEntryName e) {
                throw unsafe(name, e.reason());
            }
        }

        void content(InputStream content) throws IOException, UnusableArchive {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                bytes += n;
                if (bytes > maxUnpackedBytes) {
                    throw new UnusableArchive(
                            "archive_too_large",
                            "What is in the archive has more than " + maxUnpackedBytes + " bytes.");
                }
            }
        }

        void end() throws UnusableArchive {
            if (entries == 0) {
                throw new UnusableArchive("archive_empty", "There is nothing in the archive.");
            }
        }
    }
}
