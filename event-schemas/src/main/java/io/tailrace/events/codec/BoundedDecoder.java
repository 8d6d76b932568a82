package io.tailrace.events.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding of a value in memory. Avro's own decoder allocates what a length says before it looks whether so
 * much is there: a record of 20 bytes takes 2 GB, and whoever reads it with them. This one takes nothing for longer than
 * the bytes that are left; an item of an array or map has at least one. Confined to one thread.
 */
final class BoundedDecoder extends Decoder {
    private final ByteBuffer in;

    BoundedDecoder(byte[] bytes, int offset) {
        this.in = ByteBuffer.wrap(bytes, offset, bytes.length - offset).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** So many bytes are there. */
    private int checked(long length) throws IOException {
        if (length < 0 || length > in.remaining()) {
            throw new EOFException("a length of " + length + " where " + in.remaining() + " bytes are left");
        }
        return (int) length;
    }

    @Override
    public void readNull() {
        // Takes no bytes.
    }

    @Override
    public boolean readBoolean() throws IOException {
        checked(1);
        return in.get() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new AvroRuntimeException("a number that is too large: " + value);
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            checked(1);
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new AvroRuntimeException("a number of more than ten bytes");
    }

    @Override
    public float readFloat() throws IOException {
        checked(Float.BYTES);
        return in.getFloat();
    }

    @Override
    public double readDouble() throws IOException {
        checked(Double.BYTES);
        return in.getDouble();
    }

    private byte[] take(int length) {
        byte[] taken = new byte[length];
        in.get(taken);
        return taken;
    }

    private void skip(long length) throws IOException {
        in.position(in.position() + checked(length));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(take(checked(readLong())));
    }

    @Override
    public String readString() throws IOException {
        return readString(null).toString();
    }

    @Override
    public void skipString() throws IOException {
        skip(readLong());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(take(checked(readLong())));
    }

    @Override
    public void skipBytes() throws IOException {
        skip(readLong());
    }

    @Override
    public void readFixed(byte[] into, int start, int length) throws IOException {
        checked(length);
        in.get(into, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        skip(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    /** How many items the next block has; a negative number is followed by the block's length in bytes. */
    private long items() throws IOException {
        long count = readLong();
        if (count >= 0) {
            return checked(count);
        }
        int length = checked(readLong());
        if (-count < 0 || -count > length) {
            throw new AvroRuntimeException("a block of " + count + " items in " + length + " bytes");
        }
        return -count;
    }

    /** Skips blocks that say how long they are; how many items the next other one has, which the caller skips. */
    private long itemsToSkip() throws IOException {
        long count = readLong();
        while (count < 0) {
            skip(readLong());
            count = readLong();
        }
        return checked(count);
    }

    @Override
    public long readArrayStart() throws IOException {
        return items();
    }

    @Override
    public long arrayNext() throws IOException {
        return items();
    }

    @Override
    public long skipArray() throws IOException {
        return itemsToSkip();
    }

    @Override
    public long readMapStart() throws IOException {
        return items();
    }

    @Override
    public long mapNext() throws IOException {
        return items();
    }

    @Override
    public long skipMap() throws IOException {
        return itemsToSkip();
    }
}
