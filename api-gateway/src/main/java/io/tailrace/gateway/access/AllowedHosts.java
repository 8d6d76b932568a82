package io.tailrace.gateway.access;

import io.tailrace.gateway.problem.RunProblem;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names by which requests may call the server. A server on the loopback interface answers to names of the loopback
 * interface alone: otherwise any web page could have its own name resolved to 127.0.0.1 and use the API from the
 * visitor's browser (DNS rebinding), where neither CORS nor the listening address would stop it. Immutable.
 */
final class AllowedHosts {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");

    private final boolean loopbackOnly;
    private final Set<String> names;

    /** @param loopbackOnly whether names that are not listed must be names of the loopback interface */
    AllowedHosts(boolean loopbackOnly, Set<String> names) {
        this.loopbackOnly = loopbackOnly;
        this.names = names.stream().map(it -> it.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    void check(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        boolean free = names.isEmpty() && !loopbackOnly;
        if (!free && !names.contains(name) && !LOOPBACK.matcher(name).matches()) {
            throw RunProblem.hostNotAllowed();
        }
    }
}
