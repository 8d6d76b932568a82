package io.tailrace.turn.provider.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tailrace.events.text.Excerpt;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a provider said instead of an answer. One mapping for all of them, because they all follow HTTP's meanings.
 *
 * @param status of HTTP; for an error inside of a stream the one that it would have had, see {@link #statusOf}
 * @param kind the provider's own word for it, such as {@code insufficient_quota}; may be empty
 * @param said the provider's own message; may be empty
 * @param headers by lower-case name
 */
public record ErrorAnswer(
        ProviderDefinition provider, int status, String kind, String said, Function<String, Optional<String>> headers) {

    private static final int MAX_SAID = 500;

    private static final Pattern TOO_LONG = Pattern.compile(
            "context.{0,10}length|context.{0,10}window|maximum context|prompt is too long|input is too long"
                    + "|too many (input )?tokens|exceeds? the (maximum|model's)[^.]{0,40}tokens|input length and");
    private static final Pattern FILTERED =
            Pattern.compile("content_filter|content_policy|responsible_?ai|content management policy|safety system");
    private static final Pattern USED_UP =
            Pattern.compile("insufficient_quota|billing|credit balance|exceeded your current quota");

    private static final Pattern CLASS_NAME =
            Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}[A-Z][A-Za-z0-9_$]*(?::\\s*)?");

    private static final Map<String, Integer> STATUS_OF_KIND = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("context_length_exceeded", 400),
            Map.entry("authentication_error", 401),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("request_too_large", 413),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("insufficient_quota", 429),
            Map.entry("timeout_error", 504),
            Map.entry("overloaded_error", 529));

    /** The status that an error inside of a stream stands for. */
    public static int statusOf(String kind) {
        return STATUS_OF_KIND.getOrDefault(kind, 500);
    }

    /** The way to the provider failed, before or within the answer. */
    public static ProviderFailure unreachable(ProviderDefinition provider, IOException cause) {
        return ProviderFailure.of(
                        FailureCode.PROVIDER_ERROR,
                        "The connection to the provider \"" + provider.id() + "\" failed"
                                + provider.baseUrl()
                                        .map(url -> " (" + url.getAuthority() + ")")
                                        .orElse("")
                                + ": " + described(cause)
                                + ". Try again; if it stays so, check the network and the provider's base_url.",
                        true)
                .with("provider", provider.id());
    }

    /** What an SDK threw: because of what the provider said, because the connection failed, or for a reason of its own. */
    public static ProviderFailure unexpected(ProviderDefinition provider, Exception error) {
        Optional<ProviderFailure> said = ProviderSaid.in(provider, error);
        if (said.isPresent()) {
            return said.get();
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io && !(cause instanceof JsonProcessingException)) {
                return unreachable(provider, io);
            }
        }
        return ProviderFailure.of(
                        FailureCode.PROVIDER_ERROR,
                        "The provider \"" + provider.id() + "\" sent what cannot be understood: "
                                + words(error)
                                + ". Try again; if it stays so, check the provider's base_url and api.",
                        true)
                .with("provider", provider.id());
    }

    /** Java's client says nothing when it cannot connect. */
    private static String described(IOException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "its host name is not known";
            }
        }
        return error instanceof ConnectException && error.getMessage() == null
                ? "it cannot be connected to"
                : words(error);
    }

    /** What an exception says, without the names of its classes, which tell a reader nothing. */
    private static String words(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null && inner.getMessage() == null) {
            inner = inner.getCause();
        }
        String message = CLASS_NAME.matcher(String.valueOf(inner.getMessage())).replaceAll("");
        return inner.getMessage() == null || message.isBlank() ? "nothing more is known" : clean(message);
    }

    /** As a failure, with what the answer's headers tell. */
    public ProviderFailure failure() {
        ProviderFailure failure = kindOfFailure()
                .with("provider", provider.id())
                .with(ProviderFailure.HTTP_STATUS, Integer.toString(status));
        if (!kind.isEmpty()) {
            failure = failure.with("provider_error_type", clean(kind));
        }
        Optional<String> request = headers.apply("x-request-id")
                .or(() -> headers.apply("request-id"))
                .or(() -> headers.apply("x-amzn-requestid"));
        if (request.isPresent()) {
            failure = failure.with(ProviderFailure.PROVIDER_REQUEST_ID, clean(request.get()));
        }
        Optional<Long> wait = RetryAfter.millis(headers);
        return wait.isPresent() ? failure.with(ProviderFailure.RETRY_AFTER_MS, Long.toString(wait.get())) : failure;
    }

    private ProviderFailure kindOfFailure() {
        String text = (kind + " " + said).toLowerCase(Locale.ROOT);
        return switch (status) {
            case 401, 403 ->
                of(
                        FailureCode.AUTHENTICATION_FAILED,
                        "refused the credential, or what it may do",
                        provider.credentialEnv()
                                .map(name -> "Check the value of " + name + " on this worker, and what it may use")
                                .orElse("Name its variable in credential_env"),
                        false);
            case 429 ->
                USED_UP.matcher(text).find()
                        ? of(FailureCode.RATE_LIMITED, "has no quota left", "Raise it, or name another provider", false)
                        : of(FailureCode.RATE_LIMITED, "limits the rate", "Try again later", true);
            case 402 -> of(FailureCode.RATE_LIMITED, "has no quota left", "Raise it, or name another provider", false);
            case 408, 504 -> of(FailureCode.TIMEOUT, "took too long", "Try again", true);
            case 413 -> tooLong();
            case 404 ->
                text.contains("model")
                        ? of(
                                FailureCode.UNKNOWN_MODEL,
                                "does not know the model, or may not use it",
                                "Correct the model's id in the workers' providers file",
                                false)
                        : of(
                                FailureCode.PROVIDER_ERROR,
                                "is not where it was looked for",
                                "Correct base_url in the workers' providers file",
                                false);
            case 409, 424, 425 -> of(FailureCode.PROVIDER_ERROR, "failed", "Try again", true);
            default -> other(text);
        };
    }

    private ProviderFailure other(String text) {
        if (status >= 500) {
            return of(FailureCode.PROVIDER_ERROR, "failed", "Try again", true);
        }
        if (status < 400) {
            return of(
                    FailureCode.PROVIDER_ERROR,
                    "gave no answer that can be read",
                    "Correct base_url in the workers' providers file",
                    false);
        }
        if (TOO_LONG.matcher(text).find()) {
            return tooLong();
        }
        return FILTERED.matcher(text).find()
                ? of(FailureCode.CONTENT_FILTERED, "refused the content", "Ask for something else", false)
                : of(
                        FailureCode.INVALID_REQUEST,
                        "does not accept the request",
                        "Correct the settings of the request or of the model",
                        false);
    }

    private ProviderFailure tooLong() {
        return of(
                FailureCode.CONTEXT_OVERFLOW,
                "says that the request does not fit into the model's context window",
                "Shorten the conversation, or correct context_window_tokens in the workers' providers file",
                false);
    }

    private ProviderFailure of(FailureCode code, String happened, String remedy, boolean recoverable) {
        String quoted = said.isBlank() ? "" : ": " + clean(said);
        return ProviderFailure.of(
                code,
                "The provider \"" + provider.id() + "\" " + happened + " (HTTP " + status + ")" + quoted
                        + (quoted.endsWith(".") ? " " : ". ") + remedy + ".",
                recoverable);
    }

    /** Of one line, and not endless: it comes from outside. */
    private static String clean(String text) {
        return Excerpt.of(text.strip().replaceAll("[\\p{Cntrl}\\s]+", " "), MAX_SAID);
    }
}
