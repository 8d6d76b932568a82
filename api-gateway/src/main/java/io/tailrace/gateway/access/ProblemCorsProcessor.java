package io.tailrace.gateway.access;

import io.tailrace.gateway.problem.ProblemWriter;
import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsProcessor;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Spring's rules for requests from other origins; what they refuse is answered with a problem document. */
final class ProblemCorsProcessor implements CorsProcessor {
    private final CorsProcessor rules = new Rules();
    private final ProblemWriter problems;

    ProblemCorsProcessor(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public boolean processRequest(
            @Nullable CorsConfiguration configuration, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean allowed = rules.processRequest(configuration, request, response);
        if (!allowed) {
            problems.write(request, response, RunProblem.originNotAllowed());
        }
        return allowed;
    }

    private static final class Rules extends DefaultCorsProcessor {
        @Override
        protected void rejectRequest(ServerHttpResponse response) {
            // Written by the outer class, which knows the servlet's response.
        }
    }
}
