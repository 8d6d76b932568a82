package io.tailrace.turn.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.json.Numbers;
import java.util.OptionalLong;

/**
 * The usage of one answer. The format counts input, cache reads and cache writes apart, and our input is all three; the end of an answer
 * tells again only what has changed since its start.
 */
final class MessagesUsage {

    private OptionalLong input = OptionalLong.empty();
    private OptionalLong cacheRead = OptionalLong.empty();
    private OptionalLong cacheWritten = OptionalLong.empty();
    private OptionalLong output = OptionalLong.empty();
    private OptionalLong thinking = OptionalLong.empty();

    /** What was told now; what it leaves out stays as it was. */
    void told(JsonNode usage) {
        input = or(usage.path("input_tokens"), input);
        cacheRead = or(usage.path("cache_read_input_tokens"), cacheRead);
        cacheWritten = or(usage.path("cache_creation_input_tokens"), cacheWritten);
        output = or(usage.path("output_tokens"), output);
        thinking = or(usage.path("output_tokens_details").path("thinking_tokens"), thinking);
    }

    private static OptionalLong or(JsonNode told, OptionalLong before) {
        OptionalLong number = Numbers.of(told);
        return number.isPresent() ? number : before;
    }

    Usage soFar() {
        OptionalLong all = input.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(input.getAsLong() + cacheRead.orElse(0) + cacheWritten.orElse(0));
        return new Usage(all, cacheRead, output, thinking, OptionalLong.empty());
    }
}
