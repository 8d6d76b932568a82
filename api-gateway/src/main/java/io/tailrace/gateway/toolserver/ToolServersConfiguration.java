package io.tailrace.gateway.toolserver;

import io.tailrace.gateway.definition.Definitions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires servers of tools. */
@Configuration(proxyBeanMethods = false)
public class ToolServersConfiguration {
    @Bean
    RecordedToolServers recordedToolServers() {
        return new RecordedToolServers();
    }

    @Bean
    ToolServersController toolServersController(Definitions definitions, RecordedToolServers servers) {
        return new ToolServersController(definitions, servers);
    }
}
