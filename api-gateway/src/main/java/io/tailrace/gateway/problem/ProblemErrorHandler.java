package io.tailrace.gateway.problem;

import io.tailrace.gateway.connection.LingeringClose;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Jetty refuses before any servlet sees it (bad request lines, headers over the limit, odd URIs, protected
 * folders) and what fails outside of all handlers.
 */
final class ProblemErrorHandler extends ErrorHandler {
    private final ProblemWriter writer;

    ProblemErrorHandler(ProblemWriter writer) {
        this.writer = writer;
        setShowStacks(false);
        setShowCauses(false);
        setCacheControl(AnswerCaching.OF_PROBLEMS);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        LingeringClose.ofRefusedHead(request);
        RunProblem problem = status < 500 || cause == null ? ProblemMapping.ofStatus(status) : writer.problemOf(cause);
        writer.count(problem);
        response.setStatus(problem.status());
        // Jetty ends the connection after what it cannot read, and does not always say so.
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemDocument.MEDIA_TYPE);
        boolean headOnly = HttpMethod.HEAD.is(request.getMethod());
        response.write(
                true, headOnly ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(ProblemDocument.of(problem)), callback);
    }
}
