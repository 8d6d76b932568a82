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
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps everybody from reading {@code Accept-Language}: the answers have one language, Spring asks for every request, and
 * the server throws at what is no list of languages.
 */
final class OneLanguageFilter extends OncePerRequestFilter {
    /** Registered before all filters, Spring's own included. */
    static FilterRegistrationBean<OneLanguageFilter> first() {
        FilterRegistrationBean<OneLanguageFilter> registration = new FilterRegistrationBean<>(new OneLanguageFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new OneLanguage(request), response);
    }

    private static final class OneLanguage extends HttpServletRequestWrapper {
        OneLanguage(HttpServletRequest request) {
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
    }
}
