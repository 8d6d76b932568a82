package io.tailrace.builds.phase;

import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import java.nio.charset.StandardCharsets;

/**
 * Cuts the bytes of one stream into {@link ConsoleLine}s, however they were chunked.
 *
 * <p>Only {@code \n} ends a line; carriage returns and ANSI sequences stay as they are. Lines over the limit are split, and partial
 * lines are cut, at a character border; invalid UTF-8 is replaced with U+FFFD. Written one after the other, each text followed by a line
 * feed where it ended with {@link LineEnd#NEWLINE}, the lines are the stream's bytes again. Holds at most {@code limit} bytes. Confined
 * to one thread; calls the receiver on it.
 */
final class LineSplitter {

    /** Takes what was cut. */
    public interface Receiver {
        /**
         * The next line.
         *
         * @param bytes how many bytes of output the text stands for
         */
        void line(ConsoleLine line, int bytes);
    }

    /** The longest UTF-8 sequence: a limit below it could not hold one character. */
    public static final int MIN_LIMIT = 4;

    private final ConsoleStream stream;
    private final Receiver receiver;
    private final byte[] held;
    private int heldLength;

    /**
     * @param limit the most bytes of one line, its newline not counted; at least {@link #MIN_LIMIT}
     * @throws IllegalArgumentException when the limit is below {@link #MIN_LIMIT}
     */
    public LineSplitter(ConsoleStream stream, int limit, Receiver receiver) {
        if (limit < MIN_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is below " + MIN_LIMIT);
        }
        this.stream = stream;
        this.receiver = receiver;
        this.held = new byte[limit];
    }

    /** Takes the next bytes; the array is not kept. */
    public void accept(byte[] bytes, int offset, int length) {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            int newline = indexOfNewline(bytes, position, end);
            int lineEnd = newline < 0 ? end : newline;
            position = splitWhatIsTooLong(bytes, position, lineEnd);
            if (newline < 0) {
                hold(bytes, position, lineEnd);
                return;
            }
            endLine(bytes, position, lineEnd);
            position = newline + 1;
        }
    }

    /** Whether {@link #flushPartial} has something to emit. */
    public boolean hasPartial() {
        return heldLength - incompleteTail(held, heldLength) > 0;
    }

    /** Emits what is held of an unfinished line, except an unfinished character at its end. */
    public void flushPartial() {
        int border = heldLength - incompleteTail(held, heldLength);
        if (border > 0) {
            emitHeld(border, LineEnd.PARTIAL);
        }
    }

    /** The channel was closed: emits what is held, an unfinished character as U+FFFD. */
    public void finish() {
        if (heldLength > 0) {
            emitHeld(heldLength, LineEnd.EOF);
        }
    }

    private int splitWhatIsTooLong(byte[] bytes, int from, int to) {
        int position = from;
        while (heldLength + (to - position) > held.length) {
            int taken = held.length - heldLength;
            hold(bytes, position, position + taken);
            position += taken;
            emitHeld(held.length - incompleteTail(held, held.length), LineEnd.SPLIT);
        }
        return position;
    }

    private void endLine(byte[] bytes, int from, int to) {
        if (heldLength == 0) {
            emit(bytes, from, to - from, LineEnd.NEWLINE);
        } else {
            hold(bytes, from, to);
            emitHeld(heldLength, LineEnd.NEWLINE);
        }
    }

    private void hold(byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, held, heldLength, to - from);
        heldLength += to - from;
    }

    private void emitHeld(int length, LineEnd end) {
        emit(held, 0, length, end);
        System.arraycopy(held, length, held, 0, heldLength - length);
        heldLength -= length;
    }

    private void emit(byte[] bytes, int offset, int length, LineEnd end) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        receiver.line(new ConsoleLine(stream, end, text), length);
    }

    private static int indexOfNewline(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /**
     * How many bytes at the end begin a character whose rest has not come. A decoder begins anew at every lead byte, valid or not, so
     * cutting in front of one never changes what the two parts decode to.
     */
    private static int incompleteTail(byte[] bytes, int length) {
        for (int back = 1; back < MIN_LIMIT && back <= length; back++) {
            int value = bytes[length - back] & 0xFF;
            if (value >= 0xC0) {
                return sequenceLength(value) > back ? back : 0;
            }
            if (value < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    private static int sequenceLength(int leadByte) {
        if (leadByte >= 0xF0) {
            return leadByte < 0xF8 ? 4 : 1;
        }
        return leadByte >= 0xE0 ? 3 : 2;
    }
}
