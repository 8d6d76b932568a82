package io.tailrace.cli.runs;

import io.tailrace.cli.sse.StreamRefused;

/** A request to a gateway did not work; the message tells a person why. */
public final class GatewayFailure extends RuntimeException {

    GatewayFailure(String message) {
        super(message);
    }

    GatewayFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, of a stream. */
    public static GatewayFailure of(StreamRefused refused) {
        return new GatewayFailure(ProblemText.of(refused.status(), refused.body()), refused);
    }
}
