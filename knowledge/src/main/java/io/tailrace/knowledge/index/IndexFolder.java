package io.tailrace.knowledge.index;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;

/** A folder with Lucene's files, what its last commit says, and its only writer. Confined to its index. */
final class IndexFolder {
    static final int BUFFER_MEBIBYTES = 32;

    private static final String MADE_FOR = "tailrace.made-for";
    private static final String VERSION = "tailrace.version";
    private static final String OLDEST = "tailrace.oldest";

    private final Directory directory;
    private final IndexWriter writer;
    private final IndexStart start;
    private final String madeFor;
    private final long version;
    private final long oldest;

    private IndexFolder(
            Directory directory, IndexWriter writer, IndexStart start, String madeFor, long version, long oldest) {
        this.directory = directory;
        this.writer = writer;
        this.start = start;
        this.madeFor = madeFor;
        this.version = version;
        this.oldest = oldest;
    }

    static IndexFolder open(Path path, String madeFor) throws IOException {
        Directory directory = FSDirectory.open(Files.createDirectories(path));
        try {
            return opened(directory, madeFor);
        } catch (LockObtainFailedException e) {
            directory.close();
            throw new IndexInUse(path, e);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static IndexFolder opened(Directory directory, String madeFor) throws IOException {
        IndexStart start = new IndexStart.Empty();
        if (hasFiles(directory)) {
            try {
                return continued(directory, madeFor);
            } catch (Unusable
                    | CorruptIndexException
                    | IndexFormatTooOldException
                    | IndexFormatTooNewException
                    | EOFException
                    | NoSuchFileException
                    | FileNotFoundException e) {
                // The last one is also Lucene's for a folder without a commit.
                start = new IndexStart.Rebuilt(String.valueOf(e.getMessage()));
                clear(directory);
            }
        }
        IndexWriter writer = new IndexWriter(directory, config(IndexWriterConfig.OpenMode.CREATE));
        IndexFolder folder =
                new IndexFolder(directory, writer, start, madeFor, RepositoryIndex.NOTHING, RepositoryIndex.NOTHING);
        try {
            folder.commit(RepositoryIndex.NOTHING, RepositoryIndex.NOTHING);
        } catch (IOException | RuntimeException e) {
            writer.rollback();
            throw e;
        }
        return folder;
    }

    private static boolean hasFiles(Directory directory) throws IOException {
        for (String name : directory.listAll()) {
            if (isLucenes(name) && !name.equals(IndexWriter.WRITE_LOCK_NAME)) {
                return true;
            }
        }
        return false;
    }

    private static IndexFolder continued(Directory directory, String madeFor) throws IOException {
        IndexWriter writer = new IndexWriter(directory, config(IndexWriterConfig.OpenMode.APPEND));
        try {
            Map<String, String> said = new HashMap<>();
            Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
            if (data != null) {
                data.forEach(it -> said.put(it.getKey(), it.getValue()));
            }
            if (!madeFor.equals(said.get(MADE_FOR))) {
                throw new Unusable("made for " + said.get(MADE_FOR) + ", not " + madeFor);
            }
            long version = number(said, VERSION);
            long oldest = number(said, OLDEST);
            try (DirectoryReader reader = DirectoryReader.open(writer)) {
                for (LeafReaderContext leaf : reader.leaves()) {
                    ((CodecReader) FilterLeafReader.unwrap(leaf.reader())).checkIntegrity();
                }
            }
            return new IndexFolder(directory, writer, new IndexStart.Continued(version), madeFor, version, oldest);
        } catch (IOException | RuntimeException e) {
            writer.rollback();
            throw e;
        }
    }

    private static long number(Map<String, String> said, String name) throws Unusable {
        try {
            return Long.parseLong(said.getOrDefault(name, ""));
        } catch (NumberFormatException _) {
            throw new Unusable("no " + name);
        }
    }

    /** Removes Lucene's files and no others, while nobody else can open them. */
    private static void clear(Directory directory) throws IOException {
        try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            lock.ensureValid();
            for (String name : directory.listAll()) {
                if (isLucenes(name) && !name.equals(IndexWriter.WRITE_LOCK_NAME)) {
                    directory.deleteFile(name);
                }
            }
        }
    }

    private static boolean isLucenes(String name) {
        return IndexFileNames.CODEC_FILE_PATTERN.matcher(name).matches()
                || name.startsWith(IndexFileNames.SEGMENTS)
                || name.startsWith(IndexFileNames.PENDING_SEGMENTS)
                || name.equals(IndexWriter.WRITE_LOCK_NAME);
    }

    private static IndexWriterConfig config(IndexWriterConfig.OpenMode mode) {
        return new IndexWriterConfig(new KeywordAnalyzer())
                .setOpenMode(mode)
                .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
                .setCommitOnClose(false);
    }

    /** Of each document that is there now, the position of its put. */
    static Map<String, Long> currentPuts(DirectoryReader reader) throws IOException {
        Map<String, Long> puts = new HashMap<>();
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            NumericDocValues from = leaf.getNumericDocValues(ChunkFields.FROM);
            NumericDocValues until = leaf.getNumericDocValues(ChunkFields.UNTIL);
            BinaryDocValues key = leaf.getBinaryDocValues(ChunkFields.KEY);
            Bits live = leaf.getLiveDocs();
            for (int doc = 0; doc < leaf.maxDoc(); doc++) {
                if ((live == null || live.get(doc))
                        && until.advanceExact(doc)
                        && until.longValue() == ChunkFields.STILL
                        && from.advanceExact(doc)
                        && key.advanceExact(doc)) {
                    puts.put(ChunkFields.documentOf(key.binaryValue()), from.longValue());
                }
            }
        }
        return puts;
    }

    IndexWriter writer() {
        return writer;
    }

    IndexStart start() {
        return start;
    }

    long version() {
        return version;
    }

    long oldest() {
        return oldest;
    }

    void commit(long appliedVersion, long oldestVersion) throws IOException {
        writer.setLiveCommitData(Map.of(
                        MADE_FOR, madeFor,
                        VERSION, Long.toString(appliedVersion),
                        OLDEST, Long.toString(oldestVersion))
                .entrySet());
        writer.commit();
    }

    /** Closes without a commit. */
    void rollback() throws IOException {
        try (directory) {
            writer.rollback();
        }
    }

    /** Commits and closes; what cannot be committed is rolled back, and the failure thrown. */
    void close(long appliedVersion, long oldestVersion) throws IOException {
        try (directory) {
            try {
                commit(appliedVersion, oldestVersion);
            } finally {
                writer.rollback();
            }
        }
    }

    /** Gives the folder back without a commit. */
    void abandon(Exception because) {
        try {
            rollback();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static final class Unusable extends IOException {
        Unusable(String message) {
            super(message);
        }
    }
}
