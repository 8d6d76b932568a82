package io.tailrace.gateway.access;

import io.tailrace.gateway.connection.LingeringClose;
import io.tailrace.gateway.problem.ProblemWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** Wires who may use the API, and from where. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
public class AccessConfiguration {
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final List<String> REQUEST_HEADERS =
            List.of("Content-Type", "Accept", "Idempotency-Key", "Last-Event-ID", "Authorization", "Cache-Control");
    private static final List<String> RESPONSE_HEADERS =
            List.of("Location", "Retry-After", "Idempotency-Replayed", "Content-Disposition", "ETag");

    /** Before the server is made: a refusal must not have opened a port. */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> remoteAccessCheck(
            ServerProperties server, AccessSettings settings) {
        return _ -> RemoteAccess.check(server.getAddress(), settings);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> lingeringClose() {
        return LingeringClose::addTo;
    }

    @Bean
    FilterRegistrationBean<NegotiationFilter> negotiationFilter() {
        return NegotiationFilter.first();
    }

    @Bean
    FilterRegistrationBean<CorsFilter> corsFilter(AccessSettings settings, ProblemWriter problems) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.corsOrigins());
        cors.setAllowedMethods(METHODS);
        cors.setAllowedHeaders(REQUEST_HEADERS);
        cors.setExposedHeaders(RESPONSE_HEADERS);
        cors.setMaxAge(Duration.ofHours(1));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", cors);
        CorsFilter filter = new CorsFilter(source);
        filter.setCorsProcessor(new ProblemCorsProcessor(problems));
        FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }

    @Bean
    RunAccess runAccess(ObjectProvider<AccessPolicy> policy) {
        return new RunAccess(policy.getIfAvailable(() -> AccessPolicy.ANYBODY));
    }

    @Bean
    FilterRegistrationBean<AccessFilter> accessFilter(
            ServerProperties server,
            AccessSettings settings,
            ObjectProvider<AccessPolicy> policy,
            ProblemWriter problems) {
        boolean loopbackOnly = !RemoteAccess.isPossible(server.getAddress());
        AllowedHosts hosts = new AllowedHosts(loopbackOnly, Set.copyOf(settings.allowedHosts()));
        FilterRegistrationBean<AccessFilter> registration = new FilterRegistrationBean<>(
                new AccessFilter(hosts, policy.getIfAvailable(() -> AccessPolicy.ANYBODY), problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        registration.addUrlPatterns("/v1/*", "/workspaces/*", "/schema-registry/*", "/apis/*", "/api/*");
        return registration;
    }
}
