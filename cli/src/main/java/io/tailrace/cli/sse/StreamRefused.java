package io.tailrace.cli.sse;

/** The server answered a stream's request with an error that connecting again cannot mend. */
public final class StreamRefused extends RuntimeException {

    private final int status;
    private final String body;

    StreamRefused(int status, String body) {
        super("the gateway answered " + status);
        this.status = status;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** What the server said, at most 64 KiB. */
    public String body() {
        return body;
    }
}
