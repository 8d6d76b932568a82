package io.tailrace.turn.provider.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How long a provider asks to wait: {@code retry-after-ms} as OpenAI sends it, or {@code Retry-After} of RFC 9110 in seconds or as a
 * date, which counts from the answer's own {@code Date}.
 */
final class RetryAfter {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private RetryAfter() {}

    static Optional<Long> millis(Function<String, Optional<String>> headers) {
        Optional<Long> exact = headers.apply("retry-after-ms").flatMap(value -> scaled(value, 1));
        return exact.or(() -> headers.apply("retry-after")
                .flatMap(value -> scaled(value, 1000).or(() -> fromDate(value, headers.apply("date")))));
    }

    private static Optional<Long> scaled(String value, int factor) {
        String text = value.strip();
        return NUMBER.matcher(text).matches()
                ? Optional.of(Math.round(Double.parseDouble(text) * factor))
                : Optional.empty();
    }

    private static Optional<Long> fromDate(String value, Optional<String> sent) {
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        try {
            ZonedDateTime until = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            ZonedDateTime from = ZonedDateTime.parse(sent.get().strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Math.max(0, Duration.between(from, until).toMillis()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
