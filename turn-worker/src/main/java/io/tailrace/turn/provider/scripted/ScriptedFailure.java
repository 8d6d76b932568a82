package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.ProviderFailure;

/** The failure that a script asks for. */
final class ScriptedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ProviderFailure failure;

    ScriptedFailure(ProviderFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    ProviderFailure failure() {
        return failure;
    }
}
