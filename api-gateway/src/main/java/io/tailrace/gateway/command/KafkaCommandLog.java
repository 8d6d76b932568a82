package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.trace.AttemptSpan;
import io.tailrace.service.trace.Traces;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The command log in Kafka. */
final class KafkaCommandLog implements CommandLog, AutoCloseable {
    private final CommandSettings settings;
    private final LogConnection connection;
    private final KafkaRecords records;
    private final Traces traces;
    private final LogProducer producer;

    KafkaCommandLog(
            KafkaClients kafka,
            CommandSettings settings,
            LogConnection connection,
            KafkaRecords records,
            Traces traces) {
        this.producer = new LogProducer(kafka, "commands", settings.sendWithin(), "lz4");
        this.settings = settings;
        this.connection = connection;
        this.records = records;
        this.traces = traces;
    }

    @Override
    public void append(RunCommand command) throws NotRecorded, InterruptedException {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw new NotRecorded(true, new TimeoutException("the log cannot be reached"));
        }
        // The request's: the caller is its thread.
        traces.say(AttemptSpan.RUN, command.runId().value());
        ProducerRecord<byte[], byte[]> record = TraceHeader.on(records.command(command), traces.current());
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Thread caller = Thread.currentThread();
        try {
            var _ = producer.get().send(record, (_, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    // Told on the caller's own thread: there was no metadata, and the record never went into a batch.
                    boolean surelyNot = Thread.currentThread().equals(caller);
                    done.completeExceptionally(new NotRecorded(surelyNot, failure));
                }
            });
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException | IllegalStateException e) {
            // Thrown, not reported: no producer, or a closed one. The record never went into a batch.
            throw new NotRecorded(true, e);
        }
        try {
            // The producer itself gives up in time; this is for a producer that does not.
            done.get(settings.sendWithin().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotRecorded known ? known : new NotRecorded(false, e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new NotRecorded(false, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
