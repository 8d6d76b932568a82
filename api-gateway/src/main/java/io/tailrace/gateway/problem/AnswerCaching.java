package io.tailrace.gateway.problem;

/** What caches and proxies may do with answers. */
public final class AnswerCaching {
    /**
     * The Cache-Control of a stream, 204 included: a cache that keeps one hides the stream from all who come after, and
     * one that compresses holds events back.
     */
    public static final String OF_STREAMS = "no-cache, no-transform";

    /**
     * The Cache-Control of every problem. It holds for streams too, so that nobody has to know of which route a refused
     * request is: many are refused before there is one.
     */
    static final String OF_PROBLEMS = "no-cache, no-store, no-transform";

    private AnswerCaching() {}
}
