package io.tailrace.builds;

import io.tailrace.builds.service.ServiceConfiguration;
import io.tailrace.builds.stage.StageConfiguration;
import io.tailrace.worker.service.LogConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The build-worker: takes builds from the queue, runs their phases as processes, and appends what happens. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({LogConfiguration.class, StageConfiguration.class, ServiceConfiguration.class})
public class BuildWorkerApplication {

    /** Starts the worker; configured by properties, environment variables or {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(BuildWorkerApplication.class, args);
    }
}
