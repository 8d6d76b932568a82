package io.tailrace.gateway.request;

import io.tailrace.events.text.Excerpt;
import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Strict access to a request's query: unknown parameters and repeated ones are refused. Immutable. */
public final class QueryParameters {
    private static final int MAX_VALUES = 100;

    private final Map<String, String[]> values;

    private QueryParameters(Map<String, String[]> values) {
        this.values = values;
    }

    /**
     * The query of a request. Its body is left alone: asked for parameters, the server would read one that is called a
     * form, as curl calls everything.
     *
     * @throws RunProblem {@code unknown_parameter}
     */
    public static QueryParameters of(HttpServletRequest request, Set<String> allowed) {
        if (request.getQueryString() == null) {
            return new QueryParameters(Map.of());
        }
        Map<String, String[]> values = request.getParameterMap();
        for (String name : values.keySet()) {
            if (!allowed.contains(name)) {
                String known = String.join(", ", allowed.stream().sorted().toList());
                throw RunProblem.invalid(
                        "unknown_parameter",
                        Excerpt.printable(name, 64),
                        known.isEmpty() ? "There are no parameters here." : "Known parameters: " + known + ".");
            }
        }
        return new QueryParameters(values);
    }

    /** A parameter that may be there once. */
    public Optional<String> text(String name) {
        String[] found = values.get(name);
        if (found == null) {
            return Optional.empty();
        }
        if (found.length != 1) {
            throw RunProblem.invalid("repeated_parameter", name, "The parameter may be given once only.");
        }
        return Optional.of(found[0]);
    }

    /** A parameter that may be there several times, each with values separated by commas. */
    public List<String> texts(String name) {
        List<String> all = new ArrayList<>();
        for (String value : values.getOrDefault(name, new String[0])) {
            all.addAll(List.of(value.split(",", MAX_VALUES + 1)));
        }
        if (all.size() > MAX_VALUES) {
            throw RunProblem.invalid("too_many", name, "At most " + MAX_VALUES + " values are allowed.");
        }
        return all;
    }

    /** A whole number within bounds, both inclusive. */
    public OptionalLong number(String name, long min, long max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long number;
        try {
            number = Long.parseLong(text.get());
        } catch (NumberFormatException _) {
            throw RunProblem.invalid("wrong_type", name, "It must be a whole number.");
        }
        if (number < min || number > max) {
            throw RunProblem.invalid("out_of_range", name, "It must be from " + min + " to " + max + ".");
        }
        return OptionalLong.of(number);
    }

    /** A small whole number within bounds, both inclusive. */
    public OptionalInt count(String name, int min, int max) {
        OptionalLong number = number(name, min, max);
        return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
    }

    /** A point in time, such as {@code 2026-11-21T10:00:00Z} or {@code 2026-11-21T11:00:00+01:00}. */
    public Optional<Instant> time(String name) {
        return text(name).map(text -> {
            try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                // Refuses what is no number of milliseconds: years beyond 292 million.
                long _ = time.toEpochMilli();
                return time;
            } catch (DateTimeException | ArithmeticException _) {
                throw RunProblem.invalid(
                        "wrong_type", name, "It must be a time as in 2026-11-21T10:00:00Z (a '+' is sent as %2B).");
            }
        });
    }
}
