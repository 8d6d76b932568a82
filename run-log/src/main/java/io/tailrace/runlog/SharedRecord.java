package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A record of the order as all of a run's readers get it, with the bytes that were made of it, once for each rendering.
 * They are made in pieces, so that a reader that stands still in the middle holds one piece and not all. A record that
 * is let go keeps nothing; who still has it renders for itself. Thread-safe.
 */
public final class SharedRecord {
    /** How many events a piece has, the last one aside. */
    public static final int PIECE_EVENTS = 128;

    private static final long OVERHEAD_BYTES = 512;

    private final ReadItem.Numbered item;
    private final LongConsumer grown;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Map<Rendering, byte[][]> rendered = Map.of();
    private volatile boolean kept;

    /**
     * @param kept whether renderings are kept for others
     * @param grown told by how many bytes the record has grown, on the thread that renders
     */
    SharedRecord(ReadItem.Numbered item, boolean kept, LongConsumer grown) {
        this.item = item;
        this.kept = kept;
        this.grown = grown;
    }

    /** A record that keeps no rendering. */
    static SharedRecord alone(ReadItem.Numbered item) {
        return new SharedRecord(item, false, _ -> {});
    }

    /** The record and its place in the order. */
    public ReadItem.Numbered item() {
        return item;
    }

    /** Takes the bytes of events, piece by piece. */
    @FunctionalInterface
    public interface PieceSink<E extends Exception> {
        /**
         * Takes the next piece.
         *
         * @param upToIndex how many of the record's events are out after it
         */
        void write(byte[] bytes, int upToIndex) throws E;
    }

    /** Gives the bytes of its events from an index on (from 0), piece by piece. */
    public <E extends Exception> void pieces(Rendering rendering, int fromIndex, PieceSink<E> sink) throws E {
        int count = item.count();
        Rendering.@Nullable Rendered own = null;
        int at = fromIndex;
        while (at < count) {
            int piece = at / PIECE_EVENTS;
            int end = Math.min(count, (piece + 1) * PIECE_EVENTS);
            // Only this piece is held while the sink blocks.
            byte @Nullable [] bytes = at == piece * PIECE_EVENTS ? shared(rendering, piece) : null;
            if (bytes == null) {
                own = own == null ? rendering.render(item) : own;
                bytes = own.events(at, end);
            }
            sink.write(bytes, end);
            at = end;
        }
    }

    private byte @Nullable [] shared(Rendering rendering, int piece) {
        if (!kept) {
            return null;
        }
        byte[][] pieces = rendered.get(rendering);
        if (pieces == null) {
            lock.lock();
            try {
                pieces = rendered.get(rendering);
                if (pieces == null) {
                    pieces = renderAll(rendering);
                }
            } finally {
                lock.unlock();
            }
        }
        return pieces[piece];
    }

    private byte[][] renderAll(Rendering rendering) {
        Rendering.Rendered whole = rendering.render(item);
        int count = item.count();
        byte[][] pieces = new byte[(count + PIECE_EVENTS - 1) / PIECE_EVENTS][];
        long bytes = 0;
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = whole.events(i * PIECE_EVENTS, Math.min(count, (i + 1) * PIECE_EVENTS));
            bytes += pieces[i].length;
        }
        Map<Rendering, byte[][]> more = new HashMap<>(rendered);
        more.put(rendering, pieces);
        rendered = more;
        grown.accept(bytes);
        if (!kept) {
            // It was let go meanwhile.
            rendered = Map.of();
        }
        return pieces;
    }

    /** How many bytes it holds before anything was rendered, about. */
    long plainBytes() {
        return item.record().value().length + OVERHEAD_BYTES;
    }

    /** Forgets the renderings, and keeps none from now on. */
    void letGo() {
        kept = false;
        rendered = Map.of();
    }
}
