package io.tailrace.events.fuzz;

import java.util.Arrays;
import java.util.Random;

/**
 * Bytes that are nearly right, as a broken or hostile writer makes them. The same seed makes the same bytes. How many a test
 * tries, and from which seed on, is said by {@code tailrace.fuzz.tries} and {@code tailrace.fuzz.seed}. Confined to one thread.
 */
public final class Damage {
    private static final long SEED = Long.getLong("tailrace.fuzz.seed", 1);

    private final Random random;

    private Damage(int number) {
        this.random = new Random(SEED * 1_000_003 + number);
    }

    /** How often a test tries. */
    public static int tries(int unlessTold) {
        return Integer.getInteger("tailrace.fuzz.tries", unlessTold);
    }

    /** What happens to the input of this number. */
    public static Damage number(int number) {
        return new Damage(number);
    }

    /** Chance for what a test decides itself. */
    public Random random() {
        return random;
    }

    /** The same with one to three changes. */
    public byte[] of(byte[] good) {
        byte[] bytes = good.clone();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            bytes = bytes.length == 0 ? junk() : changed(bytes, random.nextInt(bytes.length));
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes, int at) {
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> with(bytes, at, (byte) (bytes[at] ^ (1 << random.nextInt(8))));
            case 2 -> with(bytes, at, (byte) random.nextInt(256));
            case 3 -> put(bytes, at, number());
            case 4 -> put(bytes, at, Arrays.copyOfRange(bytes, at, bytes.length));
            default -> put(bytes, at, junk());
        };
    }

    private byte[] junk() {
        byte[] junk = new byte[1 + random.nextInt(64)];
        random.nextBytes(junk);
        return junk;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] put(byte[] bytes, int at, byte[] between) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + between.length);
        System.arraycopy(between, 0, longer, at, between.length);
        System.arraycopy(bytes, at, longer, at + between.length, bytes.length - at);
        return longer;
    }

    /** A length or a count, large or negative, as a variable number of seven bits a byte with its sign last (Avro's form). */
    private byte[] number() {
        long value = switch (random.nextInt(5)) {
            case 0 -> Integer.MAX_VALUE - 8L;
            case 1 -> Integer.MAX_VALUE;
            case 2 -> Long.MIN_VALUE;
            case 3 -> 1L << random.nextInt(40);
            default -> -random.nextLong(1L << 33);
        };
        byte[] bytes = new byte[10];
        int length = 0;
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return Arrays.copyOf(bytes, length);
    }
}
