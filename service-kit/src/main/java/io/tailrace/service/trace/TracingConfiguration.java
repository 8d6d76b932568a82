package io.tailrace.service.trace;

import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the spans of runs to what Boot makes of {@code management.opentelemetry.*} and {@code management.tracing.*}. */
@Configuration(proxyBeanMethods = false)
public class TracingConfiguration {
    @Bean
    Traces traces(OpenTelemetry telemetry) {
        return new Traces(telemetry);
    }

    @Bean
    SdkTracerProviderBuilderCustomizer givenSpanIds() {
        return provider -> provider.setIdGenerator(new GivenSpanIds());
    }
}
