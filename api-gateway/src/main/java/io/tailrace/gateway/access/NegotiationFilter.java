package io.tailrace.gateway.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets everybody read in the same way what a client says of the answer that it wants.
 *
 * <p>{@code Accept-Language} is read by nobody: the answers have one language, Spring asks for every request, and the
 * server throws at what is no list of languages. {@code Accept} has no empty elements, at which Spring's endpoints throw:
 * a list may have them, and they say nothing (RFC 9110, 5.6.1).
 */
final class NegotiationFilter extends OncePerRequestFilter {
    /** Registered before all filters, Spring's own included. */
    static FilterRegistrationBean<NegotiationFilter> first() {
        FilterRegistrationBean<NegotiationFilter> registration = new FilterRegistrationBean<>(new NegotiationFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new Negotiated(request), response);
    }

    private static final class Negotiated extends HttpServletRequestWrapper {
        private static final String ACCEPT = "Accept";

        Negotiated(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Locale getLocale() {
            return Locale.ENGLISH;
        }

        @Override
        public Enumeration<Locale> getLocales() {
            return Collections.enumeration(List.of(Locale.ENGLISH));
        }

        @Override
        public @Nullable String getHeader(String name) {
            String first = super.getHeader(name);
            return first != null && name.equalsIgnoreCase(ACCEPT) ? accepted() : first;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            Enumeration<String> all = super.getHeaders(name);
            return all.hasMoreElements() && name.equalsIgnoreCase(ACCEPT)
                    ? Collections.enumeration(List.of(accepted()))
                    : all;
        }

        /** One line for all; an empty one is as good as none. */
        private String accepted() {
            String ranges = Collections.list(super.getHeaders(ACCEPT)).stream()
                    .flatMap(it -> MimeTypeUtils.tokenize(it).stream())
                    .map(String::strip)
                    .filter(it -> !it.isEmpty())
                    .collect(Collectors.joining(", "));
            return ranges.isEmpty() ? MimeTypeUtils.ALL_VALUE : ranges;
        }
    }
}
