package io.tailrace.gateway.problem;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires problem documents into Spring MVC and into Jetty. */
@Configuration(proxyBeanMethods = false)
public class ProblemConfiguration {
    @Bean
    ProblemWriter problemWriter(MeterRegistry meters) {
        return new ProblemWriter(UUID::randomUUID, meters);
    }

    @Bean
    ProblemResolver problemResolver(ProblemWriter writer) {
        return new ProblemResolver(writer);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> problemErrorPages(ProblemWriter writer) {
        return factory -> ProblemErrorPages.addTo(factory, writer);
    }
}
