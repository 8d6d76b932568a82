package io.tailrace.events.archive;

import io.tailrace.events.definition.ArtifactRef;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.Collections;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * Reads archives that strangers made: files and folders only, each once, inside the archive's own root, within limits, whatever the
 * archive says about itself. The gateway takes what this reads to its end, and a worker unpacks by it, so that what is taken can be
 * unpacked. Stateless.
 */
public final class ArchiveReader {
    private static final int ZIP_ENTRY_MAGIC = 0x02014b50;
    private static final int SCAN_BYTES = 64 * 1024;

    private ArchiveReader() {}

    /**
     * Reads a whole archive. What lies behind its end in a tar.gz is passed over, as tar and gzip do.
     *
     * @param archive at its beginning; a zip closes it
     * @return its format, as in {@link ArtifactRef}
     * @throws RefusedArchive when it may not be unpacked; the target has what came before
     * @throws IOException when the target fails
     */
    public static String read(SeekableByteChannel archive, ArchiveLimits limits, ArchiveTarget target)
            throws RefusedArchive, IOException {
        GuardedTarget guarded = new GuardedTarget(target);
        try {
            Inventory inventory = new Inventory(limits);
            String format = read(archive, limits, inventory, guarded);
            if (inventory.isEmpty()) {
                throw RefusedArchive.empty();
            }
            return format;
        } catch (Inventory.TooLarge e) {
            throw RefusedArchive.tooLarge(limits.bytes());
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof GuardedTarget.Failed failed) {
                throw failed.unwrapped();
            }
            throw RefusedArchive.damaged(e.getMessage() == null ? "it is cut off" : e.getMessage());
        }
    }

    private static String read(
            SeekableByteChannel archive, ArchiveLimits limits, Inventory inventory, GuardedTarget target)
            throws RefusedArchive, IOException {
        byte[] magic = new byte[4];
        int read = archive.read(ByteBuffer.wrap(magic));
        archive.position(0);
        if (read == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4) {
            refuseTooManyEntries(archive, limits);
            readZip(archive, inventory, target);
            return ArtifactRef.ZIP;
        }
        if (read >= 2 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b) {
            readTar(archive, inventory, target);
            return ArtifactRef.TAR_GZ;
        }
        throw RefusedArchive.none();
    }

    /** The library reads the whole list of entries into memory before it tells the first one. */
    private static void refuseTooManyEntries(SeekableByteChannel archive, ArchiveLimits limits)
            throws RefusedArchive, IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(archive), SCAN_BYTES);
        long most = 4L * limits.entries();
        long found = 0;
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            last = (last >>> 8) | (next << 24);
            if (last == ZIP_ENTRY_MAGIC && ++found > most) {
                throw RefusedArchive.tooMany(limits.entries());
            }
        }
        archive.position(0);
    }

    private static void readZip(SeekableByteChannel archive, Inventory inventory, GuardedTarget target)
            throws RefusedArchive, IOException {
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(archive).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                String name = entry.getName();
                boolean hasUnixMode = entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX && entry.getUnixMode() != 0;
                if (entry.isUnixSymlink()) {
                    throw link(name);
                }
                if (entry.isDirectory()) {
                    target.folder(inventory.folder(name));
                    continue;
                }
                if (hasUnixMode && !isPlainFile(entry.getUnixMode())) {
                    throw special(name);
                }
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw RefusedArchive.encrypted(name);
                }
                if (!zip.canReadEntryData(entry) || !isTaken(entry.getMethod())) {
                    ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
                    throw RefusedArchive.method(name, method == null ? "number " + entry.getMethod() : method.name());
                }
                var checked = inventory.file(name);
                try (InputStream in = zip.getInputStream(entry)) {
                    target.file(checked, inventory.counted(in), hasUnixMode && isExecutable(entry.getUnixMode()));
                }
            }
        }
    }

    private static boolean isTaken(int method) {
        return method == ZipArchiveEntry.STORED || method == ZipArchiveEntry.DEFLATED;
    }

    private static void readTar(SeekableByteChannel archive, Inventory inventory, GuardedTarget target)
            throws RefusedArchive, IOException {
        HeaderAllowance unpacked =
                new HeaderAllowance(new GZIPInputStream(new BufferedInputStream(Channels.newInputStream(archive))));
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked);
        for (TarArchiveEntry entry = next(tar, unpacked); entry != null; entry = next(tar, unpacked)) {
            String name = entry.getName();
            if (entry.isSymbolicLink() || entry.isLink()) {
                throw link(name);
            }
            if (entry.isDirectory()) {
                target.folder(inventory.folder(name));
            } else if (isPlainFile(entry)) {
                target.file(inventory.file(name), inventory.counted(tar), isExecutable(entry.getMode()));
            } else {
                throw special(name);
            }
        }
    }

    @SuppressWarnings("NullAway") // the library's end is null
    private static TarArchiveEntry next(TarArchiveInputStream tar, HeaderAllowance unpacked) throws IOException {
        unpacked.beginsHeader();
        TarArchiveEntry entry = tar.getNextEntry();
        unpacked.beginsContent();
        return entry;
    }

    /** The library calls devices and pipes files too. A sparse file is one, with zeros where it has holes. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        boolean isSpecial = entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
        return (entry.isFile() || entry.isSparse()) && !isSpecial;
    }

    private static boolean isPlainFile(int mode) {
        int type = mode & 0170000;
        return type == 0100000 || type == 0;
    }

    private static boolean isExecutable(int mode) {
        return (mode & 0100) != 0;
    }

    private static RefusedArchive link(String name) {
        return RefusedArchive.unsafe(name, "is a link; links are not taken. Pack the files themselves");
    }

    private static RefusedArchive special(String name) {
        return RefusedArchive.unsafe(name, "is neither a file nor a folder");
    }
}
