package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.spec.McpClientTransport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A way to one server, for one session. Safe from any thread. */
interface ServerLink extends AutoCloseable {

    /** What the protocol is spoken over. */
    McpClientTransport transport();

    /**
     * Who is told, once or more often, that nothing comes over it any more: why, in a word and in words. Called at once if that was before.
     * Must not block.
     */
    void whenBroken(BiConsumer<ServerEnd, String> listener);

    /** Who is told of an answer that is too long to be read: the id of its request. Must not block. */
    void whenTooLong(Consumer<String> listener);

    /** What the failure of one request says of the others. */
    enum Fault {
        /** Others fail as well. */
        OF_SESSION,
        /** Others need not fail. */
        OF_REQUEST,
        /** The answer is too long to be read; others need not be. */
        TOO_LONG
    }

    /** Which of them it is. */
    Fault fault(Throwable fault);

    /** Ends it, and what was started for it. Blocks for some seconds. */
    @Override
    void close();

    /** Opens links to one server. */
    @FunctionalInterface
    interface Maker {
        /** Blocks until the other side is there, not until it answers. */
        ServerLink open() throws ServerUnavailable;
    }
}
