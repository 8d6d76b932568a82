package io.tailrace.knowledge.index;

import io.tailrace.knowledge.embed.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.jspecify.annotations.Nullable;

/**
 * The index of one repository in a folder of its own. A version is a position in the log of the repository's changes; the
 * caller applies them in order, and asks for a view at a version that was applied. A chunk is kept with the position that
 * it came with and the one that it went with, so older versions are still there until they are forgotten.
 *
 * <p>Thread-safe: one change at a time, views beside them. In memory are at most {@value IndexFolder#BUFFER_MEBIBYTES}
 * MiB of changes, the ids of the documents, and five bytes for each chunk. After an {@link IOException} the index is
 * closed and opened again: it goes on after its last commit.
 */
public final class RepositoryIndex implements AutoCloseable {
    /** Rises with every change of what is stored or how text becomes terms; an index of another format is built again. */
    public static final int FORMAT = 1;

    /** Before the first change. */
    public static final long NOTHING = -1;

    private final IndexFolder folder;
    private final IndexSettings settings;
    private final Analysis analysis;
    private final IndexStart start;
    private final Map<String, Long> current;

    private long version;
    private long oldest;
    private boolean closed;
    private boolean failed;
    private DirectoryReader reader;
    private @Nullable Visible newest;
    private long newestVersion;

    private RepositoryIndex(IndexFolder folder, IndexSettings settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.start = folder.start();
        this.version = folder.version();
        this.oldest = folder.oldest();
        this.reader = DirectoryReader.open(folder.writer());
        this.current = IndexFolder.currentPuts(reader);
        this.analysis = new Analysis(settings.language());
    }

    /**
     * Opens the index in a folder, which is made if necessary. An index that is damaged, of another format or for other
     * settings is removed, and a new one begun; {@link #start()} says so. All of it is read once for that.
     *
     * @throws IndexInUse if somebody else has it open
     * @throws IOException if the disk fails
     */
    public static RepositoryIndex open(Path path, IndexSettings settings) throws IOException {
        IndexFolder folder = IndexFolder.open(path, FORMAT + "|" + settings.fingerprint());
        try {
            return new RepositoryIndex(folder, settings);
        } catch (IOException | RuntimeException e) {
            folder.abandon(e);
            throw e;
        }
    }

    public IndexStart start() {
        return start;
    }

    /** The position of the last change that was applied, or {@link #NOTHING}. */
    public synchronized long version() {
        return version;
    }

    /**
     * Applies changes. Those at or before {@link #version()} were applied before and are passed over.
     *
     * @throws IllegalArgumentException if positions do not rise, or a vector has another length than the repository's;
     *     nothing was applied
     */
    public synchronized void apply(List<Change> changes) throws IOException {
        requireOpen();
        requireValid(changes);
        writing(() -> {
            for (Change change : changes) {
                if (change.position() > version) {
                    apply(change);
                    version = change.position();
                }
            }
        });
    }

    private void apply(Change change) throws IOException {
        String document = change.documentId();
        Long before = current.remove(document);
        if (before != null) {
            Term put = new Term(ChunkFields.PUT, ChunkFields.put(document, before));
            folder.writer().updateNumericDocValue(put, ChunkFields.UNTIL, change.position());
        }
        switch (change) {
            case Change.Put put -> add(put);
            case Change.Delete _ -> {}
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    /** What fails in the middle is never committed. */
    private void writing(Writing writing) throws IOException {
        boolean done = false;
        try {
            writing.run();
            done = true;
        } finally {
            failed |= !done;
        }
    }

    private void add(Change.Put put) throws IOException {
        List<Document> documents = new ArrayList<>();
        for (IndexedChunk chunk : put.chunks()) {
            documents.add(ChunkFields.of(put, chunk, analysis));
        }
        if (!documents.isEmpty()) {
            folder.writer().addDocuments(documents);
            current.put(put.documentId(), put.position());
        }
    }

    private void requireValid(List<Change> changes) {
        Optional<Integer> dimensions = settings.model().map(EmbeddingModel::dimensions);
        long last = NOTHING;
        for (Change change : changes) {
            if (change.position() <= last) {
                throw new IllegalArgumentException(change.position() + " follows " + last);
            }
            last = change.position();
            if (change instanceof Change.Put put) {
                for (IndexedChunk chunk : put.chunks()) {
                    Optional<Integer> has = chunk.vector().map(it -> it.dimensions());
                    if (has.isPresent() && !has.equals(dimensions)) {
                        throw new IllegalArgumentException(has.get() + " dimensions in '" + put.documentId() + "'");
                    }
                }
            }
        }
    }

    /** Makes what was applied outlive this process. */
    public synchronized void commit() throws IOException {
        requireOpen();
        writing(() -> folder.commit(version, oldest));
    }

    /** A view at this version. It has to be closed. */
    public synchronized AtVersion at(long wanted) throws IOException {
        requireOpen();
        if (wanted > version) {
            return new AtVersion.Behind(version);
        }
        if (wanted < oldest) {
            return new AtVersion.Forgotten(oldest);
        }
        refresh();
        Visible visible = newest;
        if (visible == null || newestVersion != wanted) {
            visible = Visible.at(reader, wanted);
            newest = visible;
            newestVersion = wanted;
        }
        reader.incRef();
        return new AtVersion.Found(new RepositoryView(reader, visible, analysis, settings, wanted));
    }

    private void refresh() throws IOException {
        DirectoryReader changed = DirectoryReader.openIfChanged(reader, folder.writer());
        if (changed != null) {
            DirectoryReader before = reader;
            reader = changed;
            newest = null;
            before.decRef();
        }
    }

    /** Removes what no version from this one on has. Versions before are not answered any more. Commits. */
    public synchronized void forgetBefore(long horizon) throws IOException {
        requireOpen();
        if (horizon <= oldest) {
            return;
        }
        if (horizon > version) {
            throw new IllegalArgumentException(horizon + " was not applied; this is " + version);
        }
        writing(() -> {
            // Updates of values are seen by a query only when they are written.
            folder.commit(version, oldest);
            folder.writer().deleteDocuments(NumericDocValuesField.newSlowRangeQuery(ChunkFields.UNTIL, 0, horizon));
            oldest = horizon;
            folder.commit(version, oldest);
        });
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IllegalStateException("the index is closed");
        }
        if (failed) {
            throw new IOException("the index failed before; open it again");
        }
    }

    /** Commits what was applied, unless something failed. Views that are open stay open. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        newest = null;
        try {
            reader.decRef();
        } finally {
            if (failed) {
                folder.rollback();
            } else {
                folder.close(version, oldest);
            }
        }
    }
}
