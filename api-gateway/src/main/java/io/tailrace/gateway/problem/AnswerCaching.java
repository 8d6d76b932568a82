package io.tailrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;

/** What caches and proxies may do with answers. */
public final class AnswerCaching {
    /**
     * The Cache-Control of every answer of a stream's route, errors and 204 included: a cache that keeps one of them hides
     * the stream from all who come after, and one that compresses holds events back.
     */
    public static final String OF_STREAMS = "no-cache, no-transform";

    private AnswerCaching() {}

    /** The Cache-Control of a problem. */
    static String ofProblem(HttpServletRequest request) {
        return request.getRequestURI().endsWith("/stream") ? OF_STREAMS : "no-store";
    }
}
