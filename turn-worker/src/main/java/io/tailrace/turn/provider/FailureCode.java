package io.tailrace.turn.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What kind of failure; stable, for machines. */
public enum FailureCode {
    /** No provider of this name is configured. */
    UNKNOWN_PROVIDER,
    /** The provider has no model of this name. */
    UNKNOWN_MODEL,
    /** The environment variable that holds the credential is not set. */
    MISSING_CREDENTIAL,
    /** The provider refused the credential, or what it may do. */
    AUTHENTICATION_FAILED,
    /** The provider, or the way to it, failed. */
    PROVIDER_ERROR,
    /** Too much was asked for in too short a time, or the quota is used up. */
    RATE_LIMITED,
    /** The provider was silent for longer than the request allows. */
    TIMEOUT,
    /** The request does not fit into the model's context window. */
    CONTEXT_OVERFLOW,
    /** The provider's policy forbids the request. */
    CONTENT_FILTERED,
    /** The request cannot be understood. */
    INVALID_REQUEST,
    /** Somebody asked for the end. */
    CANCELED;

    /** As it stands in events and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The code of this name, if there is one. */
    public static Optional<FailureCode> named(String text) {
        return Arrays.stream(values()).filter(code -> code.text().equals(text)).findFirst();
    }
}
