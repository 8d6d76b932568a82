package io.tailrace.gateway.assistant;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What values an input takes. */
enum InputType {
    TEXT("a text"),
    INTEGER("a whole number"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    CHOICE("one of its options, as a text");

    private final String wanted;

    InputType(String wanted) {
        this.wanted = wanted;
    }

    static Optional<InputType> of(String wireName) {
        return Arrays.stream(values())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(wireName))
                .findFirst();
    }

    /** For people. */
    String wanted() {
        return wanted;
    }

    /** A value as the text that is put into prompts; empty if it is not of this type. */
    Optional<String> text(Object value) {
        return switch (this) {
            case TEXT, CHOICE -> value instanceof String text ? Optional.of(text) : Optional.empty();
            case INTEGER -> isWhole(value) ? Optional.of(value.toString()) : Optional.empty();
            case NUMBER -> isWhole(value) ? Optional.of(value.toString()) : decimal(value);
            case BOOLEAN -> value instanceof Boolean flag ? Optional.of(flag.toString()) : Optional.empty();
        };
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof BigInteger;
    }

    /** Without an exponent. A number that no double can hold is none. */
    private static Optional<String> decimal(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue())
                ? Optional.of(BigDecimal.valueOf(number.doubleValue()).toPlainString())
                : Optional.empty();
    }
}
