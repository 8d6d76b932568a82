package io.tailrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Lets Spring MVC answer every failure of a handler, and every request without one, with a problem document. */
final class ProblemResolver implements HandlerExceptionResolver, Ordered {
    private final ProblemWriter writer;

    ProblemResolver(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (response.isCommitted()) {
            // Half an answer is out. What the client sees must not look whole: Jetty cuts the connection.
            return null;
        }
        if (failure instanceof ErrorResponse spring) {
            copy(spring.getHeaders(), HttpHeaders.ALLOW, response);
            copy(spring.getHeaders(), HttpHeaders.ACCEPT, response);
        }
        try {
            writer.write(request, response, failure);
        } catch (IOException e) {
            throw new UncheckedIOException("the client is gone", e);
        }
        return new ModelAndView();
    }

    private static void copy(HttpHeaders from, String name, HttpServletResponse response) {
        Optional.ofNullable(from.getFirst(name)).ifPresent(it -> response.setHeader(name, it));
    }
}
