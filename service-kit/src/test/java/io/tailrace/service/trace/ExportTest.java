package io.tailrace.service.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tailrace.events.log.TraceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** Where spans go, by the settings that every service begins with. */
@Timeout(120)
class ExportTest {
    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint=";
    private static final String EACH = "management.tracing.sampling.probability=1";
    private static final TraceContext UNSAMPLED =
            new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

    @SpringBootConfiguration
    @Import(TracingConfiguration.class)
    @ImportAutoConfiguration({
        OpenTelemetrySdkAutoConfiguration.class,
        MicrometerTracingAutoConfiguration.class,
        OpenTelemetryTracingAutoConfiguration.class,
        OtlpTracingAutoConfiguration.class
    })
    static class Service {}

    @Test
    void withoutAnEndpointNothingIsExportedAndATraceGoesThrough() {
        try (ConfigurableApplicationContext service = start(EACH)) {
            assertThat(service.getBeansOfType(SpanExporter.class)).isEmpty();
            Traces traces = service.getBean(Traces.class);

            try (RunSpan span = traces.beginConsumed("any", Optional.of(UNSAMPLED))) {
                assertThat(span.context())
                        .hasValueSatisfying(
                                it -> assertThat(it.isOfTraceOf(UNSAMPLED)).isTrue());
                assertThat(span.isRecorded()).isFalse();
            }
            try (RunSpan span = traces.beginConsumed("any", Optional.empty())) {
                assertThat(span.context()).isPresent();
            }
        }
    }

    @Test
    void whatIsLeftIsExportedAtTheEnd() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            try (ConfigurableApplicationContext service = start(
                    ENDPOINT + "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces", EACH)) {
                service.getBean(Traces.class).begin("any").close();
            }
            assertThat(requests).hasValue(1);
        } finally {
            collector.stop(0);
        }
    }

    /** It takes each connection and says nothing. Of what cannot be sent, so much waits as the queue holds. */
    @Test
    void aCollectorThatHangsHoldsUpNeitherWorkNorTheEnd() throws IOException {
        try (ServerSocket collector = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ConfigurableApplicationContext service =
                        start(ENDPOINT + "http://127.0.0.1:" + collector.getLocalPort() + "/v1/traces", EACH)) {
            Traces traces = service.getBean(Traces.class);
            for (int i = 0; i < 20_000; i++) {
                traces.begin("any").close();
            }
        }
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(Service.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.import=classpath:io/tailrace/service/defaults.yaml")
                .properties("spring.application.name=test")
                .properties(settings)
                .run();
    }
}
