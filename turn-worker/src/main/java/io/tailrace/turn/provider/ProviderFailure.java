package io.tailrace.turn.provider;

import io.tailrace.events.text.Excerpt;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Why there is no complete answer. Holds no credential.
 *
 * @param message for people: what happened, and what to do
 * @param recoverable whether the same request may well succeed later
 * @param details for machines, among them {@value #HTTP_STATUS}, {@value #RETRY_AFTER_MS}, {@value #PROVIDER_REQUEST_ID}
 */
public record ProviderFailure(FailureCode code, String message, boolean recoverable, Map<String, String> details) {

    public static final String HTTP_STATUS = "http_status";
    public static final String RETRY_AFTER_MS = "retry_after_ms";
    public static final String PROVIDER_REQUEST_ID = "provider_request_id";

    private static final String REGISTERED = "registered";
    private static final String MASK = "***";
    /** A shorter beginning of a credential is no secret: all keys of a provider have it in common. */
    private static final int SHORTEST_MASKED = 4;

    public ProviderFailure {
        details = Map.copyOf(details);
    }

    /** A failure that more details may be added to. */
    public static ProviderFailure of(FailureCode code, String message, boolean recoverable) {
        return new ProviderFailure(code, message, recoverable, Map.of());
    }

    static ProviderFailure unknownProvider(String asked, Collection<String> registered) {
        return of(
                        FailureCode.UNKNOWN_PROVIDER,
                        "There is no provider \"" + asked + "\". Registered are: " + listed(registered)
                                + ". Name one of them, or let the operator add \"" + asked
                                + "\" to the workers' providers file (id, family, credential_env, models).",
                        false)
                .with("provider", asked)
                .with(REGISTERED, String.join(",", registered));
    }

    static ProviderFailure unknownModel(String provider, String asked, List<String> registered) {
        return of(
                        FailureCode.UNKNOWN_MODEL,
                        "The provider \"" + provider + "\" has no model \"" + asked + "\". Registered are: "
                                + listed(registered)
                                + ". Name one of them, or let the operator add the model to this provider in the workers' "
                                + "providers file.",
                        false)
                .with("provider", provider)
                .with("model", asked)
                .with(REGISTERED, String.join(",", registered));
    }

    static ProviderFailure noModelNamed(String provider, List<String> registered) {
        return of(
                        FailureCode.UNKNOWN_MODEL,
                        "No model was named, and the provider \"" + provider
                                + "\" has no default_model. Registered are: "
                                + listed(registered)
                                + ". Name one of them, or let the operator set default_model in the workers' providers file.",
                        false)
                .with("provider", provider)
                .with(REGISTERED, String.join(",", registered));
    }

    static ProviderFailure missingCredential(String provider, String variable) {
        return of(
                        FailureCode.MISSING_CREDENTIAL,
                        "The provider \"" + provider + "\" has no credential: the environment variable " + variable
                                + " of this worker is not set. Let the operator set it and restart the worker, or name "
                                + "another provider.",
                        false)
                .with("provider", provider)
                .with("credential_env", variable);
    }

    /** The request itself is wrong, whoever is asked. */
    public static ProviderFailure invalidRequest(String message) {
        return of(FailureCode.INVALID_REQUEST, message, false);
    }

    /** The stream stopped before the provider's terminal event. */
    public static ProviderFailure endedEarly(String provider) {
        return of(
                        FailureCode.PROVIDER_ERROR,
                        "The provider \"" + provider + "\": stream ended early, without the event that completes an "
                                + "answer. Try again.",
                        true)
                .with("provider", provider);
    }

    /** Something went wrong that this release has no words for; the worker's log has it. */
    public static ProviderFailure unexplained(String provider) {
        return of(
                        FailureCode.PROVIDER_ERROR,
                        "The call of the provider \"" + provider
                                + "\" failed, and what came back could not be understood. "
                                + "The log of the worker has it.",
                        true)
                .with("provider", provider);
    }

    /** The thread that ran the call was interrupted. */
    public static ProviderFailure interrupted(String provider) {
        return of(
                        FailureCode.PROVIDER_ERROR,
                        "The call of the provider \"" + provider + "\" was interrupted by the worker. Try again.",
                        true)
                .with("provider", provider);
    }

    /**
     * The provider was silent, or the whole call took too long.
     *
     * @param limit which of the request's timeouts, as in {@code first_byte}
     */
    public static ProviderFailure timeout(String provider, String limit, Duration allowed) {
        return of(
                        FailureCode.TIMEOUT,
                        "The provider \"" + provider + "\" exceeded the time-out " + limit + " of " + allowed.toMillis()
                                + " ms. Try again, or allow more.",
                        true)
                .with("provider", provider)
                .with("timeout", limit)
                .with("timeout_ms", Long.toString(allowed.toMillis()));
    }

    /** With one more detail. */
    public ProviderFailure with(String detail, String value) {
        Map<String, String> more = new HashMap<>(details);
        more.put(detail, value);
        return new ProviderFailure(code, message, recoverable, more);
    }

    /** Without any occurrence of a secret, which a provider may echo; nor its beginning, where a text was shortened within it. */
    public ProviderFailure without(String secret) {
        if (secret.isEmpty()) {
            return this;
        }
        Map<String, String> masked = new HashMap<>();
        details.forEach((detail, value) -> masked.put(detail, masked(value, secret)));
        return new ProviderFailure(code, masked(message, secret), recoverable, masked);
    }

    private static String masked(String text, String secret) {
        String whole = text.replace(secret, MASK);
        int cut = whole.lastIndexOf(Excerpt.ELLIPSIS);
        for (int length = Math.min(secret.length() - 1, cut); length >= SHORTEST_MASKED; length--) {
            if (whole.startsWith(secret.substring(0, length), cut - length)) {
                return whole.substring(0, cut - length) + MASK + whole.substring(cut);
            }
        }
        return whole;
    }

    private static String listed(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
