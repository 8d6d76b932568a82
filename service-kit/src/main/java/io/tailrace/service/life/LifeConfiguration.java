package io.tailrace.service.life;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires how a service says that it is ready, and how it ends. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LifecycleProperties.class)
public class LifeConfiguration {
    /** What is closed after the phases: clients of Kafka, threads of ours, and up to 10 s for spans that a collector does not take. */
    private static final Duration AFTER_THE_PHASES = Duration.ofSeconds(30);

    @Bean
    @SuppressWarnings("SystemOut") // the promise is a line on standard output, whatever the log's format is
    ReadyLine readyLine(@Value("${spring.application.name}") String service, ServerProperties server) {
        return new ReadyLine(
                service, Ssl.isEnabled(server.getSsl()) ? "https" : "http", server.getAddress(), System.out::println);
    }

    @Bean
    OrderlyEnd orderlyEnd(ConfigurableApplicationContext context, LifecycleProperties lifecycle) {
        return new OrderlyEnd(context, lifecycle.getTimeoutPerShutdownPhase().plus(AFTER_THE_PHASES));
    }
}
