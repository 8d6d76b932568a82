package io.tailrace.coordinator;

import io.tailrace.coordinator.host.CoordinatorConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The run-coordinator: decides what becomes of every run. Its state is a cache of the log's. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(CoordinatorConfiguration.class)
public class RunCoordinatorApplication {
    /** Starts the coordinator; configured by properties, environment variables or {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(RunCoordinatorApplication.class, args);
    }
}
