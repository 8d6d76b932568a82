package io.tailrace.turn.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a model stopped, in one vocabulary for all providers. */
public enum FinishReason {
    /** It said what it had to say, or reached a stop sequence. */
    STOP,
    /** The limit of output tokens, or of the context window, was reached. */
    LENGTH,
    /** It waits for the results of its tool calls. */
    TOOL_CALLS,
    /** The provider's policy cut the answer off, or the model refused. */
    CONTENT_FILTER,
    /** The provider gave a reason that is none of these. */
    OTHER;

    /** As it stands in events and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason of this name, if there is one. */
    public static Optional<FinishReason> named(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.text().equals(text))
                .findFirst();
    }
}
