package io.tailrace.gateway.access;

import io.tailrace.gateway.problem.ProblemWriter;
import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Asks the host rule and the access policy before anything else sees a request. */
final class AccessFilter extends OncePerRequestFilter {
    private final AllowedHosts hosts;
    private final AccessPolicy policy;
    private final ProblemWriter problems;

    AccessFilter(AllowedHosts hosts, AccessPolicy policy, ProblemWriter problems) {
        this.hosts = hosts;
        this.policy = policy;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            hosts.check(request.getServerName());
            policy.admit(request).attach(request);
        } catch (RunProblem problem) {
            problems.write(request, response, problem);
            return;
        }
        chain.doFilter(request, response);
    }
}
