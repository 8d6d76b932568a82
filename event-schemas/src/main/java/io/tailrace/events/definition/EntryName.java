package io.tailrace.events.definition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of an entry of an archive, read as a path that stays where the archive is unpacked to, on every kind of file
 * system. Who takes archives and who unpacks them go by the same rule, so that nothing is taken that nobody can unpack.
 * Immutable.
 */
public final class EntryName {
    /** Characters of the whole name. */
    public static final int MAX_LENGTH = 512;

    /** Bytes of a folder's or a file's own name in UTF-8: no usual file system takes more. */
    public static final int MAX_PART_BYTES = 255;

    /** Folders within each other, the entry itself included. */
    public static final int MAX_DEPTH = 32;

    private final List<String> parts;

    private EntryName(List<String> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a name.
     *
     * @throws UnsafeEntryName if it could lead elsewhere somewhere, or is too long or too deep
     */
    public static EntryName parse(String name) throws UnsafeEntryName {
        if (name.isEmpty()) {
            throw new UnsafeEntryName("is no name");
        }
        if (name.length() > MAX_LENGTH) {
            throw new UnsafeEntryName("has more than " + MAX_LENGTH + " characters");
        }
        if (name.startsWith("/")) {
            throw new UnsafeEntryName("is an absolute path");
        }
        if (name.indexOf('\\') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
            throw new UnsafeEntryName("has a backslash or a control character");
        }
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw new UnsafeEntryName("has \"..\" in its path");
            }
            if (startsWithDrive(part)) {
                throw new UnsafeEntryName(
                        "has \"" + part.substring(0, 2) + "\" in its path, which names a drive on Windows");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_PART_BYTES) {
                throw new UnsafeEntryName("has a name of more than " + MAX_PART_BYTES + " bytes in its path");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.size() > MAX_DEPTH) {
            throw new UnsafeEntryName("lies more than " + MAX_DEPTH + " folders deep");
        }
        return new EntryName(parts);
    }

    private static boolean startsWithDrive(String part) {
        return part.length() > 1 && part.charAt(1) == ':' && isLetter(part.charAt(0));
    }

    private static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    /** The folders that lead to the entry and the entry's own name; none for the archive's root. */
    public List<String> parts() {
        return parts;
    }

    /** Whether it is the folder that the archive is unpacked to, which no file can be. */
    public boolean isRoot() {
        return parts.isEmpty();
    }

    @Override
    public String toString() {
        return String.join("/", parts);
    }
}
