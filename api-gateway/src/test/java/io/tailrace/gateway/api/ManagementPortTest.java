package io.tailrace.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.gateway.testing.RawConnection;
import io.tailrace.gateway.testing.RawConnection.RawAnswer;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.service.settings.StartRefused;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and metrics on a port of their own ({@code management.server.port}) answer as they do on the common one. */
class ManagementPortTest {
    private static TestGateway gateway;
    private static int port;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startOn("127.0.0.1:1", "management.server.port=0", "management.server.address=127.0.0.1");
        port = Integer.parseInt(gateway.context().getEnvironment().getRequiredProperty("local.management.port"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static RawAnswer ask(String head) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            return connection
                    .send(head + "\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                    .read(false);
        }
    }

    @Test
    void healthAndMetricsAreThere() throws IOException {
        assertThat(ask("GET /actuator/health/liveness HTTP/1.1").status()).isEqualTo(200);
        assertThat(ask("GET /actuator/prometheus HTTP/1.1\r\nAccept-Language: $Version=1; a=\"")
                        .text())
                .contains("tailrace_gateway_");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",,,",
                " , ",
                "text/plain,,",
                ",text/plain",
                "*/*, ,",
                "\r\nAccept: ,",
                ",\r\nAccept: text/plain"
            })
    void anEmptyElementOfWhatIsAcceptedSaysNothing(String accept) throws IOException {
        RawAnswer answer = ask("GET /actuator/prometheus HTTP/1.1\r\nAccept: " + accept);

        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.header("content-type").orElseThrow()).startsWith("text/plain");
    }

    @ParameterizedTest
    @CsvSource({
        "404, GET /nix HTTP/1.1",
        "404, GET /WEB-INF/web.xml HTTP/1.1",
        "404, GET /error HTTP/1.1",
        "404, GET /actuator/env HTTP/1.1",
        "400, GET /actuator/%zz HTTP/1.1",
        "505, GET /actuator/health HTTP/7",
        "405, DELETE /actuator/health HTTP/1.1",
        "406, GET /actuator/prometheus HTTP/1.1 ~ Accept: text/event-stream",
        "406, GET /actuator/prometheus HTTP/1.1 ~ Accept: x",
        "406, 'GET /actuator/prometheus HTTP/1.1 ~ Accept: ,x,'",
        "406, 'GET /actuator/prometheus HTTP/1.1 ~ Accept: text/plain,/,'",
    })
    void whatItRefusesIsAProblemDocument(int status, String head) throws IOException {
        RawAnswer answer = ask(head.replace(" ~ ", "\r\n"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.header("content-type")).hasValue("application/problem+json");
        assertThat(answer.header("cache-control")).hasValue("no-cache, no-store, no-transform");
        assertThat(answer.text()).contains("urn:tailrace:problem:").doesNotContain("org.", "java.", "timestamp");
    }

    /** If it were read it would be refused: it is no JSON. */
    @Test
    void aBodyIsNotReadOnEitherPort() throws IOException {
        String request = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{";
        try (RawConnection connection = new RawConnection(port)) {
            assertThat(connection
                            .send("GET /actuator/health/liveness" + request)
                            .read(false)
                            .status())
                    .isEqualTo(200);
        }
        try (TestGateway common = TestGateway.startOn("127.0.0.1:1");
                RawConnection connection = new RawConnection(common.port())) {
            assertThat(connection
                            .send("GET /actuator/health/liveness" + request)
                            .read(false)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void itIsNotOpenedToOtherMachinesByOversight() {
        assertThatThrownBy(() -> TestGateway.startOn("127.0.0.1:1", "management.server.port=0")
                        .close())
                .hasRootCauseInstanceOf(StartRefused.class);
    }
}
