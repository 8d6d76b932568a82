package io.tailrace.gateway.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Supplier;

/** Answers a request with the problem document of a failure, and counts problems by code. Thread-safe. */
public final class ProblemWriter {
    private final ProblemMapping mapping;
    private final MeterRegistry meters;

    ProblemWriter(Supplier<UUID> incidentIds, MeterRegistry meters) {
        this.mapping = new ProblemMapping(incidentIds);
        this.meters = meters;
        // A series that begins with 1 shows no increase: the first defect is to be one.
        Counter _ = problems(ProblemMapping.INTERNAL_ERROR, 500);
    }

    /** What this failure is to a client. */
    public RunProblem problemOf(Throwable failure) {
        return mapping.of(failure);
    }

    /** Writes the answer. A response that is already on its way is left alone: the caller cuts its connection. */
    public void write(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        RunProblem problem = mapping.of(failure);
        count(problem);
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        response.setHeader("Cache-Control", AnswerCaching.OF_PROBLEMS);
        problem.retryAfter().ifPresent(it -> response.setHeader("Retry-After", Long.toString(it.toSeconds())));
        response.setContentType(ProblemDocument.MEDIA_TYPE);
        byte[] body = ProblemDocument.of(problem);
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }

    /** Counts a problem that is answered elsewhere. */
    void count(RunProblem problem) {
        problems(problem.code(), problem.status()).increment();
    }

    private Counter problems(String code, int status) {
        return meters.counter("tailrace.gateway.problems", "code", code, "status", Integer.toString(status));
    }
}
