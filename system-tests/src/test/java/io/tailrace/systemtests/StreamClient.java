package io.tailrace.systemtests;

import java.net.URI;
import java.util.function.Consumer;

/** An SSE client that is not ours, used as its documentation says. */
@FunctionalInterface
interface StreamClient {

    /** Follows a stream, by the client's own means whenever its connection breaks; returns when the client has ended. */
    void follow(URI stream, Consumer<Received> taken) throws Exception;

    /** A client that is a process: it is told the stream as {@code URL}, and prints what it receives. */
    static StreamClient process(String... command) {
        return new ClientProcess(command);
    }
}
