package io.tailrace.coordinator.live;

import static org.awaitility.Awaitility.await;

import io.tailrace.coordinator.RunCoordinatorApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The coordinator application in this JVM. */
final class RunningCoordinator implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningCoordinator(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningCoordinator start(String servers, int partitions, Path stateDir, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--tailrace.instance=test",
                "--spring.kafka.bootstrap-servers=" + servers,
                "--tailrace.kafka.partitions=" + partitions,
                "--tailrace.coordinator.state-dir=" + stateDir));
        arguments.addAll(List.of(more));
        RunningCoordinator running = new RunningCoordinator(
                new SpringApplicationBuilder(RunCoordinatorApplication.class).run(arguments.toArray(new String[0])));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> running.get("/actuator/health/readiness").statusCode() == 200);
        return running;
    }

    HttpResponse<String> get(String path) throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
