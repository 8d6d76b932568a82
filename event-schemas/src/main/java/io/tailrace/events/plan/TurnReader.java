package io.tailrace.events.plan;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an untrusted turn from a tree of maps and lists (parsed JSON). Pure; what it returns keeps the bounds. */
public final class TurnReader {
    /** How long a message may be, in UTF-16 characters. */
    public static final int MAX_TEXT_LENGTH = 64 * 1024;

    /** How long a script for the scripted provider may be, in UTF-16 characters. */
    public static final int MAX_SCRIPT_LENGTH = 128 * 1024;

    private TurnReader() {}

    /**
     * Reads the object at {@code path}.
     *
     * @param script the JSON text of its field {@code script}, where it has one
     */
    public static TurnInput turn(String path, @Nullable Object tree, Optional<String> script) throws InvalidInput {
        Fields fields = Fields.of(path, tree, Set.of("text", "provider", "model", "generation", "script"));
        String text = fields.string("text", MAX_TEXT_LENGTH).orElseThrow(() -> fields.missing("text"));
        if (text.isBlank()) {
            throw new InvalidInput("invalid_value", fields.pathOf("text"), "It must not be blank");
        }
        return new TurnInput(
                text,
                ChatReader.model(fields),
                ChatReader.generation(fields.pathOf("generation"), fields.raw("generation")),
                bounded(fields.pathOf("script"), script),
                Optional.empty());
    }

    /** A script, if it is not too long. */
    static Optional<String> bounded(String path, Optional<String> script) throws InvalidInput {
        if (script.isPresent() && script.get().length() > MAX_SCRIPT_LENGTH) {
            throw new InvalidInput(
                    "too_long", path, "At most " + MAX_SCRIPT_LENGTH + " characters of JSON are allowed");
        }
        return script;
    }
}
