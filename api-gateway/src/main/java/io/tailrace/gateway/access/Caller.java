package io.tailrace.gateway.access;

import jakarta.servlet.http.HttpServletRequest;

/** Who a request comes from, as the access policy found out. */
public record Caller(String name) {
    /** Whoever can reach the port. */
    public static final Caller ANYBODY = new Caller("anybody");

    private static final String ATTRIBUTE = Caller.class.getName();

    /** The caller of a request that was admitted. */
    public static Caller of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : ANYBODY;
    }

    void attach(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }
}
