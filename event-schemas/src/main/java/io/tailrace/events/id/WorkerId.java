package io.tailrace.events.id;

import java.util.regex.Pattern;

/** Names one life of a worker process: another start is another worker. 1 to 128 characters of {@code [A-Za-z0-9._:-]}. */
public record WorkerId(String value) implements WireScalar {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public WorkerId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not a worker id: 1 to 128 letters, digits, '.', '_', ':' and '-' are needed");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
