package io.tailrace.events.definition;

/** A name in an archive that no file may be written under. The message goes on where the name ends. */
public final class UnsafeEntryName extends Exception {
    private static final long serialVersionUID = 1L;

    public UnsafeEntryName(String reason) {
        super(reason);
    }

    /** What is wrong with the name; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
