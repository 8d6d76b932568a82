package io.tailrace.gateway.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.ProviderCatalogue.GenerationDefaults;
import io.tailrace.events.definition.ProviderCatalogue.ListedModel;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A stand-in for turn-workers that record which providers they have. */
public final class ScriptedProviders {
    private static final GenerationDefaults NO_DEFAULTS =
            new GenerationDefaults(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    private ScriptedProviders() {}

    /** Records the catalogue of a worker, in place of the one before. Returns when the log has it. */
    public static void record(String bootstrapServers, String worker, ListedProvider... providers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            Definition definition = Definition.providers(
                    Instant.parse("2026-11-21T10:00:00Z"),
                    new ProviderCatalogue(new WorkerId(worker), List.of(providers)));
            producer.send(new KafkaRecords(new EventCodec()).definition(definition))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With everything that can be said of a provider. */
    public static ListedProvider company(String... missing) {
        return new ListedProvider(
                "company",
                "openai",
                Optional.of("chat"),
                Optional.of("https://models.example/v1"),
                Optional.empty(),
                List.of("COMPANY_KEY"),
                List.of(missing),
                Optional.of("small"),
                List.of(new ListedModel(
                        "small",
                        32_000,
                        8_000,
                        new GenerationDefaults(Optional.of(1000), Optional.of(0.2), Optional.of(0.95), List.of("X")),
                        List.of("streaming", "json"))));
    }

    /** With as little as possible. */
    public static ListedProvider scripted() {
        return new ListedProvider(
                "scripted",
                "scripted",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(new ListedModel("scripted-1", 128_000, 16_000, NO_DEFAULTS, List.of("tools"))));
    }
}
