package io.tailrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** From where the API can be used: names of the server, and origins of web pages. */
class AccessTest {
    private static final String PAGE = "https://ci.example.org";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startOn("127.0.0.1:1", "tailrace.gateway.cors-origins=" + PAGE);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Answer withOrigin(String method, String path, String origin, String more) {
        return gateway.raw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: "
                + origin + "\r\n" + more + "\r\n");
    }

    @Test
    void pageOfAnAllowedOriginSeesTheAnswerAndItsHeaders() {
        Answer answer = withOrigin("GET", "/v1/recipes", PAGE, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).contains(PAGE);
        assertThat(answer.header("access-control-expose-headers").orElseThrow())
                .contains("Location", "Retry-After", "Idempotency-Replayed");
    }

    @Test
    void pageOfAnAllowedOriginSeesProblemsToo() {
        Answer answer = withOrigin("GET", "/v1/nix", PAGE, "");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("access-control-allow-origin")).contains(PAGE);
    }

    @Test
    void preflightAllowsWhatTheApiNeeds() {
        Answer answer = withOrigin(
                "OPTIONS",
                "/v1/runs",
                PAGE,
                String.join(
                        "\r\n",
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: content-type,idempotency-key,last-event-id",
                        ""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-methods").orElseThrow()).contains("POST");
        assertThat(answer.header("access-control-allow-headers").orElseThrow())
                .containsIgnoringCase("idempotency-key")
                .containsIgnoringCase("last-event-id");
        assertThat(answer.header("access-control-max-age")).contains("3600");
    }

    @Test
    void preflightOfAnotherOriginIsRefused() {
        Answer answer =
                withOrigin("OPTIONS", "/v1/runs", "https://evil.example", "Access-Control-Request-Method: POST\r\n");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text("code")).isEqualTo("origin_not_allowed");
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "https://ci.example.org.evil.example", "http://ci.example.org", "null"})
    void simpleRequestOfAnotherOriginDoesNothing(String origin) {
        Answer answer = withOrigin("POST", "/v1/runs/r-0123456789abcdef/cancel", origin, "Content-Length: 0\r\n");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text("code")).isEqualTo("origin_not_allowed");
    }

    /** What everybody sees: the page, whether the gateway is up, and the description of the API. */
    private static final Set<String> OPEN = Set.of("/", "/health", "/health/live", "/health/ready", "/openapi.yaml");

    static Stream<String> routes() {
        return gateway
                .context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(it -> it.getPatternValues().stream())
                .filter(it -> !OPEN.contains(it))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void noRouteButTheOpenOnesAnswersToAnotherNameOfTheServer(String route) {
        String path = route.replaceAll("[{][^}]*}", "x").replace("**", "x");
        Answer answer = gateway.raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        assertThat(answer.text("code")).as(route + ": " + answer.body()).isEqualTo("host_not_allowed");
    }

    @Test
    void theRoutesAreThoseOfTheApi() {
        assertThat(routes())
                .contains("/v1/runs", "/v1/streams", "/api/assistant-architect/executions/{execution}/events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]", "::1"})
    void loopbackServerAnswersToNamesOfTheLoopbackInterface(String host) {
        assertThatCode(() -> new AllowedHosts(true, Set.of()).check(host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", ""})
    void loopbackServerAnswersToNoOtherName(String host) {
        assertThatThrownBy(() -> new AllowedHosts(true, Set.of("ci.example.org")).check(host))
                .isInstanceOf(RunProblem.class);
    }

    @Test
    void listedNamesAreAnswered() {
        assertThatCode(() -> new AllowedHosts(true, Set.of("CI.example.org")).check("ci.example.ORG"))
                .doesNotThrowAnyException();
        assertThatCode(() -> new AllowedHosts(false, Set.of()).check("anything.example"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new AllowedHosts(false, Set.of("a")).check("b"))
                .isInstanceOf(RunProblem.class);
    }
}
