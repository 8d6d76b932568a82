package io.tailrace.gateway;

import io.tailrace.gateway.kafka.KafkaConfiguration;
import io.tailrace.gateway.problem.ProblemConfiguration;
import io.tailrace.gateway.runs.RunsConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The api-gateway: forwards commands to the log and shows what the log has. Keeps nothing of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
@Import({ProblemConfiguration.class, KafkaConfiguration.class, RunsConfiguration.class})
public class GatewayApplication {
    /** Starts the gateway; configured by properties, environment variables or {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(GatewayApplication.class, args);
    }
}
