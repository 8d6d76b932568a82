package io.tailrace.gateway.access;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The seam for authentication and authorization: asked once for every request to the API, before its body is read. Of
 * each run of a stream of several it is asked again, as if that run's own stream was asked for. The process has one; another bean of this type replaces the default. Thread-safe.
 */
@FunctionalInterface
public interface AccessPolicy {
    /** Lets everybody in who can reach the port: what guards the API then is where it listens. */
    AccessPolicy ANYBODY = _ -> Caller.ANYBODY;

    /**
     * Lets a request in and says whose it is.
     *
     * @throws io.tailrace.gateway.problem.RunProblem {@code unauthenticated} or {@code forbidden}
     */
    Caller admit(HttpServletRequest request);
}
