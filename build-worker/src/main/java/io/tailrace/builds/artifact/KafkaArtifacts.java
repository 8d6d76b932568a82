package io.tailrace.builds.artifact;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the topic of artifacts from where an archive begins to where the topic ends now. A consumer for each call. */
public final class KafkaArtifacts implements ArtifactSource {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a compaction has left of an archive is read up to its end, and found to be incomplete. */
    private static final Map<String, Object> READING = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            Math.toIntExact(PATIENCE.toMillis()));

    private final KafkaClients kafka;
    private final ClientName name;

    /**
     * Connects to nothing yet.
     *
     * @param process whose it is
     */
    public KafkaArtifacts(KafkaClients kafka, String process) {
        this.kafka = kafka;
        this.name = new ClientName(process, "artifacts");
    }

    @Override
    public void read(ArtifactRef archive, Receiver receiver, BooleanSupplier stopped) throws ArchiveProblem {
        TopicPartition partition = new TopicPartition(Topic.ARTIFACTS.topicName(), archive.partition());
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(name, READING)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, archive.firstOffset());
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long progressAt = System.nanoTime();
            while (!stopped.getAsBoolean() && consumer.position(partition) < end) {
                boolean progress = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    progress = true;
                    int index = indexOf(record, archive);
                    if (index >= 0 && receiver.chunk(index, record.value())) {
                        return;
                    }
                }
                progressAt = progress ? System.nanoTime() : progressAt;
                if (System.nanoTime() - progressAt > PATIENCE.toNanos()) {
                    throw ArchiveProblem.unreachable("nothing came for " + PATIENCE.toSeconds() + " s");
                }
            }
        } catch (KafkaException e) {
            throw ArchiveProblem.unreachable(String.valueOf(e.getMessage()));
        }
    }

    /** The chunk's number, or -1 when the record is none of this archive's. */
    private static int indexOf(ConsumerRecord<byte[], byte[]> record, ArtifactRef archive) {
        if (record.key() == null || record.value() == null) {
            return -1;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        String prefix = archive.digest() + "/";
        if (!key.startsWith(prefix)) {
            return -1;
        }
        try {
            int index = Integer.parseInt(key.substring(prefix.length()));
            return index < archive.chunks() ? index : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
