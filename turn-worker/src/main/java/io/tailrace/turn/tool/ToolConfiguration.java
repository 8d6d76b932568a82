package io.tailrace.turn.tool;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.turn.knowledge.Knowledge;
import java.net.InetAddress;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what executes calls of tools. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ToolSettings.class)
public class ToolConfiguration {

    @Bean(destroyMethod = "close")
    BuiltInTools builtInTools(ToolSettings settings, Knowledge knowledge, ToolServers servers, MeterRegistry registry) {
        return new BuiltInTools(
                new HttpGetTool(settings, InetAddress::getAllByName), knowledge, servers, System::nanoTime, registry);
    }
}
