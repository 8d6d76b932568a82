package io.tailrace.service.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.tailrace.events.log.TraceContext;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final TraceContext PARENT =
            new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final TraceContext OWN = new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01");
    private static final TraceContext FOREIGN =
            new TraceContext("00-0123456789abcdef0123456789abcdef-1111111111111111-01");
    private static final Instant BEGAN = Instant.parse("2026-11-21T10:00:00Z");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setIdGenerator(new GivenSpanIds())
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final Traces traces =
            new Traces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void whatAThreadBeginsMeanwhileIsBelow() {
        try (RunSpan attempt = traces.beginConsumed("attempt", Optional.of(PARENT))) {
            attempt.during(() -> {
                assertThat(traces.current()).isEqualTo(attempt.context());
                traces.begin("phase").close();
                traces.beginCall("call").close();
            });
        }

        assertThat(traces.current()).isEmpty();
        SpanData attempt = spans.getFinishedSpanItems().getLast();
        assertThat(attempt.getParentSpanId()).isEqualTo(PARENT.spanId());
        assertThat(attempt.getTraceId()).isEqualTo(PARENT.traceId());
        assertThat(spans.getFinishedSpanItems().subList(0, 2))
                .allMatch(it -> it.getParentSpanId().equals(attempt.getSpanId()));
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getKind)
                .containsExactly(SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.CONSUMER);
    }

    @Test
    void aSpanThatIsToldHasTheIdUnderWhichItWasAnnounced() {
        traces.tell(
                "attempt", OWN, PARENT, BEGAN, BEGAN.plusSeconds(9), span -> span.failed("lost", "x".repeat(10_000)));
        traces.beginConsumed("next", Optional.of(PARENT)).close();

        SpanData told = spans.getFinishedSpanItems().getFirst();
        assertThat(told.getSpanId()).isEqualTo(OWN.spanId());
        assertThat(told.getTraceId()).isEqualTo(OWN.traceId());
        assertThat(told.getParentSpanId()).isEqualTo(PARENT.spanId());
        assertThat(told.getEndEpochNanos() - told.getStartEpochNanos()).isEqualTo(9_000_000_000L);
        assertThat(told.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(told.getStatus().getDescription()).hasSize(500);
        assertThat(spans.getFinishedSpanItems().getLast().getSpanId()).isNotEqualTo(OWN.spanId());
    }

    @Test
    void aSpanOfAnotherTraceIsNotTold() {
        traces.tell("attempt", FOREIGN, PARENT, BEGAN, BEGAN, _ -> {});

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    /** Brokers' and processes' clocks differ. */
    @Test
    void noSpanEndsBeforeItBegan() {
        traces.tell("attempt", OWN, PARENT, BEGAN, BEGAN.minusSeconds(5), _ -> {});

        SpanData told = spans.getFinishedSpanItems().getFirst();
        assertThat(told.getEndEpochNanos()).isEqualTo(told.getStartEpochNanos());
    }

    @Test
    void withoutTelemetryWhatComesGoesOnAndNothingBegins() {
        try (RunSpan span = Traces.NONE.beginConsumed("attempt", Optional.of(PARENT))) {
            assertThat(span.context()).contains(PARENT);
            assertThat(span.isRecorded()).isFalse();
        }
        try (RunSpan span = Traces.NONE.beginConsumed("attempt", Optional.empty())) {
            assertThat(span.context()).isEmpty();
        }
    }
}
