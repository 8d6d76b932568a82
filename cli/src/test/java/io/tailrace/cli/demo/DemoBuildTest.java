package io.tailrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoBuildTest {

    @Test
    void thePlacesOfThisMachineAreFilledIn() throws Exception {
        Path home = Path.of("..").toAbsolutePath().normalize();
        JsonNode request = DemoBuild.request(home, Path.of("/opt/a jdk: \"25\""));

        JsonNode phases = request.path("plan").path(0).path("phases");
        assertThat(phases.path(0).path("argv").path(2).asText()).isEqualTo(home + "/demo/project/src");
        assertThat(phases.path(1).path("argv").path(0).asText()).isEqualTo("/opt/a jdk: \"25\"/bin/javac");
        assertThat(request.toString()).doesNotContain("${");
        assertThat(phases).extracting(phase -> phase.path("name").asText()).contains("test");
    }
}
