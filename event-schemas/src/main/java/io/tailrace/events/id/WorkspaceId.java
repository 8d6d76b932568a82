package io.tailrace.events.id;

import java.util.regex.Pattern;

/** Names the workspace (team, project) that a run belongs to: 1 to 64 characters of {@code [A-Za-z0-9._-]}, the first a letter or digit. */
public record WorkspaceId(String value) implements WireScalar {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public WorkspaceId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException(
                    "not a workspace id: 1 to 64 letters, digits, '.', '_' and '-' are needed, a letter or digit first");
        }
    }

    /** Whether the text could be a workspace id. */
    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
