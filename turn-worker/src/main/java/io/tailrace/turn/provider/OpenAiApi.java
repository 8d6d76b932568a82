package io.tailrace.turn.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of OpenAI's formats a server of its family speaks. */
public enum OpenAiApi {
    /** Chat Completions: OpenAI and all compatible servers. */
    CHAT,
    /** Responses. */
    RESPONSES;

    /** As it stands in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of this name, if there is one. */
    public static Optional<OpenAiApi> named(String text) {
        return Arrays.stream(values()).filter(api -> api.text().equals(text)).findFirst();
    }
}
