package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A place in a run's order, from which any gateway continues with the next event. It leaves a gateway only sealed, as a
 * {@link CursorToken}: its numbers are trusted.
 *
 * @param epoch a fingerprint of the cluster id and the topic ids
 * @param partition the run's partition
 * @param runCheck four bytes of a digest of the run id
 * @param spineOffset the last delivered record of run-events; {@link #NOTHING} before the first
 * @param chapter the place in the chapter that the spine record opened; absent until something of it was delivered
 * @param eventIdPrefix the first four bytes of the last delivered record's event id; 0 before the first
 * @param sequence the sequence of the last delivered event; 0 before the first
 * @param index how many of the last delivered record's events were delivered, from 1; 0 before the first
 */
public record RunCursor(
        long epoch,
        int partition,
        int runCheck,
        long spineOffset,
        Optional<InChapter> chapter,
        int eventIdPrefix,
        long sequence,
        int index) {
    /** The offset that stands for no record. */
    public static final long NOTHING = -1;

    private static final String CUT_OFF = "it is cut off";

    /**
     * A place in a chapter.
     *
     * @param lastOffset the last delivered record
     * @param holderOffset the claim of the stage's holder; {@link #NOTHING} if it was ended before anyone claimed it
     * @param holderSequence the sequence of that claim; 0 if there is none
     */
    public record InChapter(long lastOffset, long holderOffset, long holderSequence) {}

    /** A token that is none. */
    public static final class MalformedCursor extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedCursor(String message) {
            super(message);
        }
    }

    /** The place before a run's first event. */
    public static RunCursor beforeFirst(long epoch, int partition, RunId run) {
        return new RunCursor(epoch, partition, run.check(), NOTHING, Optional.empty(), 0, 0, 0);
    }

    /** Whether nothing was delivered yet. */
    public boolean isBeforeFirst() {
        return spineOffset < 0;
    }

    /** Whether it was made for this run. */
    public boolean isOf(RunId run) {
        return runCheck == run.check();
    }

    /** The same place, said of this run. */
    RunCursor of(RunId run) {
        return new RunCursor(epoch, partition, run.check(), spineOffset, chapter, eventIdPrefix, sequence, index);
    }

    /** The same record, another of its events. */
    RunCursor within(long sequenceThere, int indexThere) {
        return new RunCursor(
                epoch, partition, runCheck, spineOffset, chapter, eventIdPrefix, sequenceThere, indexThere);
    }

    /** What the cursor says, as bytes. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.writeBytes(ByteBuffer.allocate(12).putLong(epoch).putInt(runCheck).array());
        out.writeBytes(place());
        return out.toByteArray();
    }

    /** The part of {@link #bytes()} that says neither which log nor which run; at most 59 bytes. */
    byte[] place() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.writeBytes(ByteBuffer.allocate(4).putInt(eventIdPrefix).array());
        varint(out, partition);
        varint(out, spineOffset + 1);
        varint(out, sequence);
        varint(out, index);
        chapter.ifPresent(it -> {
            varint(out, it.lastOffset);
            varint(out, it.holderOffset + 1);
            varint(out, it.holderSequence);
        });
        return out.toByteArray();
    }

    /**
     * Reads {@link #bytes()}.
     *
     * @throws MalformedCursor with what is wrong, if no cursor has these bytes
     */
    static RunCursor of(ByteBuffer in) throws MalformedCursor {
        if (in.remaining() < 20) {
            throw new MalformedCursor(CUT_OFF);
        }
        return ofPlace(in.getLong(), in.getInt(), in);
    }

    /**
     * Reads {@link #place()}, all that is left.
     *
     * @throws MalformedCursor with what is wrong, if no cursor has these bytes
     */
    static RunCursor ofPlace(long epoch, int runCheck, ByteBuffer in) throws MalformedCursor {
        if (in.remaining() < 8) {
            throw new MalformedCursor(CUT_OFF);
        }
        int eventIdPrefix = in.getInt();
        long partition = varint(in);
        long spineOffset = varint(in) - 1;
        long sequence = varint(in);
        long index = varint(in);
        Optional<InChapter> chapter = in.hasRemaining()
                ? Optional.of(new InChapter(varint(in), varint(in) - 1, varint(in)))
                : Optional.empty();
        boolean atStart = spineOffset < 0;
        boolean consistent = !in.hasRemaining()
                && partition <= Integer.MAX_VALUE
                && index <= Integer.MAX_VALUE
                && index <= sequence
                && (atStart ? sequence == 0 && chapter.isEmpty() : index >= 1);
        if (!consistent) {
            throw new MalformedCursor("its parts contradict each other");
        }
        return new RunCursor(
                epoch, (int) partition, runCheck, spineOffset, chapter, eventIdPrefix, sequence, (int) index);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long varint(ByteBuffer in) throws MalformedCursor {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            if (!in.hasRemaining()) {
                throw new MalformedCursor(CUT_OFF);
            }
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedCursor("one of its numbers is too large");
    }
}
