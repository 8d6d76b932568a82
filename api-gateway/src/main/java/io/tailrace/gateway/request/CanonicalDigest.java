package io.tailrace.gateway.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A digest of a JSON tree that does not depend on the order of its fields, on white space, or on whether an absent field
 * is left out or null. Over the request as it was sent, defaults not filled in: another release with other defaults must
 * not take a repeated request for another one.
 */
public final class CanonicalDigest {
    private CanonicalDigest() {}

    /** SHA-256 in hex. */
    public static String of(@Nullable Object tree) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, tree);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Every value goes in with its type and length, so that no two trees give the same bytes. */
    private static void add(MessageDigest digest, @Nullable Object tree) {
        switch (tree) {
            case null -> add(digest, 'z', "");
            case Map<?, ?> map -> {
                TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((name, value) -> {
                    if (value != null) {
                        sorted.put(String.valueOf(name), value);
                    }
                });
                add(digest, 'o', Integer.toString(sorted.size()));
                sorted.forEach((name, value) -> {
                    add(digest, 'k', name);
                    add(digest, value);
                });
            }
            case List<?> list -> {
                add(digest, 'l', Integer.toString(list.size()));
                list.forEach(it -> add(digest, it));
            }
            case String text -> add(digest, 's', text);
            case Boolean flag -> add(digest, 'b', flag.toString());
            case Number number -> add(digest, 'n', number.toString());
            default -> throw new IllegalArgumentException("not a JSON tree: " + tree.getClass());
        }
    }

    private static void add(MessageDigest digest, char type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((type + Integer.toString(bytes.length) + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }
}
