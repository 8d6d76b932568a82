package io.tailrace.gateway.request;

import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Idempotency-Key} header: 1 to 255 printable ASCII characters. */
public final class IdempotencyKey {
    private static final String HEADER = "Idempotency-Key";
    private static final Pattern LEGAL = Pattern.compile("[\\x20-\\x7e]{1,255}");

    private IdempotencyKey() {}

    /** The request's key, if it has one. */
    public static Optional<String> of(HttpServletRequest request) {
        List<String> values = Collections.list(request.getHeaders(HEADER));
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1 || !LEGAL.matcher(values.getFirst()).matches()) {
            throw RunProblem.invalid(
                    "invalid_idempotency_key", HEADER, "One key of 1 to 255 printable ASCII characters is needed.");
        }
        return Optional.of(values.getFirst());
    }
}
