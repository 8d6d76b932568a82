package io.tailrace.turn.provider.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.semconv.incubating.GenAiIncubatingAttributes;
import io.tailrace.service.trace.Traces;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.DeltaSink;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.Usage;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracedProviderTest {
    private static final ModelRequest REQUEST = ModelRequest.of(
                    "claude", List.of(new ModelMessage.User("a secret plan")))
            .withSettings(GenerationSettings.unset().withMaxOutputTokens(50));

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final Traces traces =
            new Traces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aCallIsASpanOfTheConventions() {
        run(_ -> new CallEnd.Finished(FinishReason.LENGTH, Usage.of(70, 9).withCachedInput(20)));

        SpanData span = spans.getFinishedSpanItems().getFirst();
        assertThat(span.getName()).isEqualTo("chat claude");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("tailrace.provider"), "mine")
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_OPERATION_NAME, "chat")
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_PROVIDER_NAME, "anthropic")
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_REQUEST_MODEL, "claude")
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_REQUEST_MAX_TOKENS, 50L)
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_USAGE_INPUT_TOKENS, 70L)
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_USAGE_OUTPUT_TOKENS, 9L)
                .containsEntry(GenAiIncubatingAttributes.GEN_AI_RESPONSE_FINISH_REASONS, List.of("length"));
        assertThat(span.getAttributes().toString()).doesNotContain("secret plan");
    }

    @Test
    void aFailureIsAnErrorWithItsCode() {
        run(_ -> new CallEnd.Failed(
                ProviderFailure.of(FailureCode.RATE_LIMITED, "Not so fast.", true), Optional.of(Usage.of(3, 0))));

        SpanData span = spans.getFinishedSpanItems().getFirst();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("rate_limited");
        assertThat(span.getAttributes().get(GenAiIncubatingAttributes.GEN_AI_USAGE_INPUT_TOKENS))
                .isEqualTo(3L);
    }

    @Test
    void whatTheSinkThrowsIsThrownAndEndsTheSpan() {
        IllegalStateException full = new IllegalStateException("full");

        assertThatThrownBy(() -> run(_ -> {
                    throw full;
                }))
                .isSameAs(full);
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
    }

    /** Those that develop are in their own artifact, of the same version as the one whose names the class says it has. */
    @Test
    void allNamesAreOfTheConventions() {
        Set<String> known = Arrays.stream(GenAiIncubatingAttributes.class.getFields())
                .filter(it -> AttributeKey.class.isAssignableFrom(it.getType()))
                .map(TracedProviderTest::key)
                .collect(Collectors.toSet());
        List<String> ours = Arrays.stream(GenAi.class.getDeclaredFields())
                .filter(it ->
                        Modifier.isStatic(it.getModifiers()) && it.getType().equals(String.class))
                .map(TracedProviderTest::text)
                .filter(it -> it.startsWith("gen_ai."))
                .toList();

        assertThat(ours).hasSizeGreaterThan(5);
        assertThat(known).containsAll(ours);
    }

    private static String key(Field field) {
        try {
            return ((AttributeKey<?>) field.get(null)).getKey();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private void run(Function<DeltaSink, CallEnd> behaviour) {
        ModelProvider untraced = new ModelProvider() {
            @Override
            public String id() {
                return "mine";
            }

            @Override
            public ProviderFamily family() {
                return ProviderFamily.ANTHROPIC;
            }

            @Override
            public ProviderCall start(ModelRequest request) {
                return new ProviderCall() {
                    @Override
                    public CallEnd run(DeltaSink sink) {
                        return behaviour.apply(sink);
                    }

                    @Override
                    public void cancel() {}
                };
            }
        };
        var _ = new TracedProvider(untraced, traces).start(REQUEST).run(_ -> {});
    }
}
