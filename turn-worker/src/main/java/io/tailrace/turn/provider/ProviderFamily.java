package io.tailrace.turn.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which adapter speaks to a provider. */
public enum ProviderFamily {
    /** Deterministic, without any network: says what its script says, whatever it is asked. */
    SCRIPTED,
    /** OpenAI, and every server that speaks its formats. */
    OPENAI,
    /** Anthropic's Messages. */
    ANTHROPIC,
    /** Amazon Bedrock's ConverseStream. */
    BEDROCK;

    /** Whether its models can sum up a conversation. */
    public boolean canSumUp() {
        return switch (this) {
            case SCRIPTED -> false;
            case OPENAI, ANTHROPIC, BEDROCK -> true;
        };
    }

    /** As it stands in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The family of this name, if there is one. */
    public static Optional<ProviderFamily> named(String text) {
        return Arrays.stream(values())
                .filter(family -> family.text().equals(text))
                .findFirst();
    }
}
