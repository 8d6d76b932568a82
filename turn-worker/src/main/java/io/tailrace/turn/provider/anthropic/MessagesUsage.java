package io.tailrace.turn.provider.anthropic;

import com.anthropic.core.JsonField;
import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.OutputTokensDetails;
import com.anthropic.models.messages.Usage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The usage of one answer. The format counts input, cache reads and cache writes apart, and our input is all three; the end of an answer
 * tells again only what has changed since its start.
 */
final class MessagesUsage {

    private Optional<Long> input = Optional.empty();
    private Optional<Long> cacheRead = Optional.empty();
    private Optional<Long> cacheWritten = Optional.empty();
    private Optional<Long> output = Optional.empty();
    private Optional<Long> thinking = Optional.empty();

    void started(Usage told) {
        input = told._inputTokens().asKnown();
        cacheRead = told.cacheReadInputTokens();
        cacheWritten = told.cacheCreationInputTokens();
        output = told._outputTokens().asKnown();
        thinking = thinking(told._outputTokensDetails());
    }

    void continued(MessageDeltaUsage told) {
        input = told.inputTokens().or(() -> input);
        cacheRead = told.cacheReadInputTokens().or(() -> cacheRead);
        cacheWritten = told.cacheCreationInputTokens().or(() -> cacheWritten);
        output = told._outputTokens().asKnown().or(() -> output);
        thinking = thinking(told._outputTokensDetails()).or(() -> thinking);
    }

    private static Optional<Long> thinking(JsonField<OutputTokensDetails> details) {
        return details.asKnown().flatMap(known -> known._thinkingTokens().asKnown());
    }

    io.tailrace.turn.provider.Usage soFar() {
        Optional<Long> all = input.map(fresh -> fresh + cacheRead.orElse(0L) + cacheWritten.orElse(0L));
        return new io.tailrace.turn.provider.Usage(
                number(all), number(cacheRead), number(output), number(thinking), OptionalLong.empty());
    }

    private static OptionalLong number(Optional<Long> told) {
        return told.map(OptionalLong::of).orElse(OptionalLong.empty());
    }
}
