package io.tailrace.gateway.api;

import io.tailrace.gateway.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a {@code Content-Type} that names no type but a range of them, which Spring takes for a fault of the server. */
final class ContentTypeFilter extends OncePerRequestFilter {
    private final ProblemWriter problems;

    ContentTypeFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isRange(request.getContentType())) {
            problems.write(
                    request,
                    response,
                    new HttpMediaTypeNotSupportedException((MediaType) null, List.of(MediaType.APPLICATION_JSON)));
            return;
        }
        chain.doFilter(request, response);
    }

    private static boolean isRange(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return false;
        }
        try {
            return !MediaType.parseMediaType(contentType).isConcrete();
        } catch (InvalidMediaTypeException _) {
            // Whoever reads the body refuses it.
            return false;
        }
    }
}
