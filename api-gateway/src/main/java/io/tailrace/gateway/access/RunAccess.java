package io.tailrace.gateway.access;

import io.tailrace.events.id.RunId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the access policy about what a request wants beside its own path: a stream of several runs must give nobody a run
 * whose own stream he may not have. Thread-safe.
 */
public final class RunAccess {
    private final AccessPolicy policy;

    RunAccess(AccessPolicy policy) {
        this.policy = policy;
    }

    /**
     * Asks as if the same caller had asked for the stream of each of these runs.
     *
     * @throws io.tailrace.gateway.problem.RunProblem as {@link AccessPolicy#admit}, for the first that he may not have
     */
    public void checkStreams(HttpServletRequest request, Collection<RunId> runs) {
        for (RunId run : runs) {
            check(request, "/v1/runs/" + run + "/stream");
        }
    }

    /**
     * Asks as if the same caller had asked for this path, without a query.
     *
     * @throws io.tailrace.gateway.problem.RunProblem as {@link AccessPolicy#admit}
     */
    public void check(HttpServletRequest request, String path) {
        Caller _ = policy.admit(new OfPath(request, path));
    }

    private static final class OfPath extends HttpServletRequestWrapper {
        private final String path;

        OfPath(HttpServletRequest request, String path) {
            super(request);
            this.path = path;
        }

        @Override
        public String getRequestURI() {
            return path;
        }

        @Override
        public StringBuffer getRequestURL() {
            StringBuffer url = super.getRequestURL();
            url.setLength(url.length() - super.getRequestURI().length());
            return url.append(path);
        }

        @Override
        public String getServletPath() {
            return path;
        }

        @Override
        public @Nullable String getPathInfo() {
            return null;
        }

        @Override
        public @Nullable String getQueryString() {
            return null;
        }

        @Override
        public @Nullable String getParameter(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return null;
        }
    }
}
