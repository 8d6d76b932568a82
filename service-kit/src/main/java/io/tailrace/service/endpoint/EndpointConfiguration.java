package io.tailrace.service.endpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Wires what health and metrics have in common on the service's own server. */
@Configuration(proxyBeanMethods = false)
public class EndpointConfiguration {
    /** Where the endpoints are not below a path of their own, others' bodies are not to be taken away. */
    @Bean
    FilterRegistrationBean<NoBodyFilter> endpointsWithoutBodies(WebEndpointProperties endpoints) {
        String path = endpoints.getBasePath();
        FilterRegistrationBean<NoBodyFilter> registration = below(path);
        registration.setEnabled(!path.isEmpty() && !path.equals("/"));
        return registration;
    }

    static FilterRegistrationBean<NoBodyFilter> below(String path) {
        FilterRegistrationBean<NoBodyFilter> registration = new FilterRegistrationBean<>(new NoBodyFilter());
        registration.addUrlPatterns(path + "/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return registration;
    }
}
