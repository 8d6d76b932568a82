package io.tailrace.gateway.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.definition.ToolServerCatalogue.ListedServer;
import io.tailrace.events.definition.ToolServerCatalogue.ListedTool;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A stand-in for turn-workers that record which servers of tools they have. */
public final class ScriptedToolServers {
    private ScriptedToolServers() {}

    /** Records the catalogue of a worker, in place of the one before. Returns when the log has it. */
    public static void record(String bootstrapServers, String worker, ListedServer... servers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            Definition definition = Definition.toolServers(
                    Instant.parse("2026-11-30T10:00:00Z"),
                    new ToolServerCatalogue(new WorkerId(worker), List.of(servers)));
            producer.send(new KafkaRecords(new EventCodec()).definition(definition))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With two tools, one of which models cannot call by its name there. */
    public static ListedServer files() {
        return new ListedServer(
                "files",
                Optional.empty(),
                List.of(
                        new ListedTool("read_file", Optional.of("Reads a file.")),
                        new ListedTool("fs.list", Optional.empty())));
    }

    /** Which did not answer. */
    public static ListedServer gone() {
        return new ListedServer("gone", Optional.of("It ended."), List.of());
    }
}
