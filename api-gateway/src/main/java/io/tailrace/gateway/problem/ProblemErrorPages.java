package io.tailrace.gateway.problem;

import org.eclipse.jetty.ee11.webapp.AbstractConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;

/** Makes every error page of a server a problem document: of the server itself, and of the application in it. */
final class ProblemErrorPages extends AbstractConfiguration {
    private final ProblemErrorHandler errors;

    private ProblemErrorPages(ProblemErrorHandler errors) {
        super(new Builder());
        this.errors = errors;
    }

    static void addTo(JettyServletWebServerFactory factory, ProblemWriter writer) {
        ProblemErrorHandler errors = new ProblemErrorHandler(writer);
        factory.addServerCustomizers((Server server) -> server.setErrorHandler(errors));
        factory.addConfigurations(new ProblemErrorPages(errors));
    }

    /** Comes after the one of Spring Boot, which sets a handler with pages of its own. */
    @Override
    public void configure(WebAppContext context) {
        context.setErrorHandler(errors);
    }
}
