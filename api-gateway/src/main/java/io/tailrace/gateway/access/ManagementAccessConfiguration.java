package io.tailrace.gateway.access;

import io.tailrace.gateway.connection.LingeringClose;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The same rules for the second server that there is where {@code management.server.port} is another port. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementAccessConfiguration {
    /** Without an address of its own it would listen on all. */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> managementRemoteAccessCheck(
            ManagementServerProperties server, AccessSettings settings) {
        return _ -> RemoteAccess.check(server.getAddress(), settings);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> managementLingeringClose() {
        return LingeringClose::addTo;
    }

    @Bean
    FilterRegistrationBean<NegotiationFilter> managementNegotiationFilter() {
        return NegotiationFilter.first();
    }
}
