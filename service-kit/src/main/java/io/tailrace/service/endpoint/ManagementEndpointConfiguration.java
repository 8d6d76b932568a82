package io.tailrace.service.endpoint;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The same for a server of their own, which has nothing else. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementEndpointConfiguration {
    @Bean
    FilterRegistrationBean<NoBodyFilter> managementEndpointsWithoutBodies() {
        return EndpointConfiguration.below("");
    }
}
