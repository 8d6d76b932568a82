package io.tailrace.gateway.fuzz;

import java.util.List;
import java.util.Random;

/** Chance that repeats itself: the same seed makes the same choices. Confined to one thread. */
final class Fuzz {
    private final Random random;

    Fuzz(long seed) {
        this.random = new Random(seed);
    }

    /** Once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Text of one byte for each character, of any bytes but line ends. */
    String bytes(int atMost) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(atMost + 1); left > 0; left--) {
            char next = (char) random.nextInt(256);
            text.append(next == '\r' || next == '\n' ? ' ' : next);
        }
        return text.toString();
    }

    /** The same a little different: cut off, with a bit turned over, a piece repeated, or junk put in. */
    String damaged(String whole) {
        if (whole.isEmpty()) {
            return bytes(8);
        }
        int at = random.nextInt(whole.length());
        String before = whole.substring(0, at);
        String after = whole.substring(at);
        return switch (random.nextInt(4)) {
            case 0 -> before;
            case 1 -> before + (char) (after.charAt(0) ^ (1 << random.nextInt(8))) + after.substring(1);
            case 2 -> before + after + after;
            default -> before + bytes(12) + after;
        };
    }
}
