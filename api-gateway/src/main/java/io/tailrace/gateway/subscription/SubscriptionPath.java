package io.tailrace.gateway.subscription;

import io.tailrace.gateway.problem.RunProblem;
import java.util.regex.Pattern;

/** The id of a subscription in a request. */
public final class SubscriptionPath {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private SubscriptionPath() {}

    /**
     * The id that a path segment is.
     *
     * @throws RunProblem {@code malformed_subscription_id}
     */
    public static String id(String segment) {
        if (!isId(segment)) {
            throw RunProblem.invalid(
                    "malformed_subscription_id",
                    "subscription_id",
                    "A subscription has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first.");
        }
        return segment;
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
