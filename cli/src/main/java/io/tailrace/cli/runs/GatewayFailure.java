package io.tailrace.cli.runs;

/** A request to a gateway did not work; the message tells a person why. */
public final class GatewayFailure extends RuntimeException {

    GatewayFailure(String message) {
        super(message);
    }

    GatewayFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
