package io.tailrace.turn.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a model can do. */
public enum Capability {
    STREAMING,
    TOOLS,
    VISION,
    JSON;

    /** As it stands in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The capability of this name, if there is one. */
    public static Optional<Capability> named(String text) {
        return Arrays.stream(values())
                .filter(capability -> capability.text().equals(text))
                .findFirst();
    }
}
