package io.tailrace.gateway.problem;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Wires problem documents into the second server that there is where {@code management.server.port} is another port. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementProblemConfiguration {
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> managementErrorPages(ProblemWriter writer) {
        return factory -> ProblemErrorPages.addTo(factory, writer);
    }
}
