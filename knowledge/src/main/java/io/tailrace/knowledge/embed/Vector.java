package io.tailrace.knowledge.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A direction: a vector of unit length, immutable. Sums are added in one order that is written here, so a cosine is the
 * same number on every machine; libraries choose the order by the processor.
 */
public final class Vector {
    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    /**
     * Scales to unit length.
     *
     * @throws IllegalArgumentException if the vector is zero, empty, or has a value that is no finite number
     */
    public static Vector of(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalArgumentException("a vector without a direction");
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[values.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (values[i] / length);
        }
        return new Vector(unit);
    }

    /** Takes what {@link #toBytes()} gave, as it is. */
    public static Vector fromBytes(byte[] bytes, int offset, int length) {
        float[] values = new float[length / Float.BYTES];
        ByteBuffer.wrap(bytes, offset, length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Vector(values);
    }

    /** Four bytes for each dimension, little-endian. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    public int dimensions() {
        return values.length;
    }

    /** From -1 to 1. */
    public double cosine(Vector other) {
        if (other.values.length != values.length) {
            throw new IllegalArgumentException(other.values.length + " dimensions, not " + values.length);
        }
        float[] a = values;
        float[] b = other.values;
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        // Four sums that do not wait for each other.
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return Math.clamp((double) s0 + s1 + s2 + s3, -1.0, 1.0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Vector of " + values.length + " dimensions";
    }
}
