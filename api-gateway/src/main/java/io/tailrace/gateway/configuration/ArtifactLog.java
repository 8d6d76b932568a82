package io.tailrace.gateway.configuration;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Archives in the topic of artifacts, and the definitions that refer to them. Writing blocks until the brokers have all
 * of it. Thread-safe.
 */
final class ArtifactLog implements AutoCloseable {
    private static final int CHUNK_BYTES = 512 * 1024;
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients kafka;
    private final int partitions;
    private final KafkaRecords records;
    private final Duration within;
    private final LogWriter log;

    ArtifactLog(KafkaClients kafka, int partitions, LogConnection connection, KafkaRecords records, Duration within) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.records = records;
        this.within = within;
        this.log = new LogWriter(new LogProducer(kafka, "artifacts", within, "none"), connection, within);
    }

    /**
     * Writes an archive.
     *
     * @throws RunProblem if the log did not take it, or not surely
     */
    ArtifactRef write(String digest, String format, byte[] archive) throws InterruptedException {
        List<ProducerRecord<byte[], byte[]>> chunks = new ArrayList<>();
        for (int at = 0; at < archive.length; at += CHUNK_BYTES) {
            byte[] chunk = Arrays.copyOfRange(archive, at, Math.min(archive.length, at + CHUNK_BYTES));
            chunks.add(KafkaRecords.chunk(digest, chunks.size(), chunk, partitions));
        }
        RecordMetadata first = log.write(chunks);
        return new ArtifactRef(digest, format, archive.length, chunks.size(), first.partition(), first.offset());
    }

    /**
     * Writes a definition. Returns the offset after it.
     *
     * @throws RunProblem if the log did not take it, or not surely
     */
    long record(Definition definition) throws InterruptedException {
        return log.send(records.definition(definition)).offset() + 1;
    }

    /**
     * Copies an archive out of the log.
     *
     * @throws IOException if the receiver takes no more
     * @throws RunProblem if the log cannot be read, or has not all of it
     */
    void copy(ArtifactRef archive, OutputStream out) throws IOException {
        TopicPartition partition = new TopicPartition(Topic.ARTIFACTS.topicName(), archive.partition());
        long deadline = System.nanoTime() + within.toNanos();
        try (Consumer<byte[], byte[]> consumer = reader()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, archive.firstOffset());
            int next = 0;
            while (next < archive.chunks()) {
                if (System.nanoTime() - deadline > 0) {
                    throw RunProblem.logUnreadable(new KafkaException("an archive was not read within " + within));
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (next < archive.chunks()
                            && Arrays.equals(record.key(), KafkaRecords.chunkKey(archive.digest(), next))) {
                        out.write(record.value());
                        next++;
                    }
                }
            }
        } catch (KafkaException e) {
            throw RunProblem.logUnreadable(e);
        }
    }

    /** What a compaction has left of an archive is read up to its end, and found to be incomplete. */
    private Consumer<byte[], byte[]> reader() {
        return kafka.consumer(
                new ClientName(LogConnection.PROCESS, "artifacts"),
                Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
    }

    @Override
    public void close() {
        log.close();
    }
}
