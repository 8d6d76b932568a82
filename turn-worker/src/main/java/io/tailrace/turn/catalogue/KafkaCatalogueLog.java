package io.tailrace.turn.catalogue;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The record of the topic of definitions that has a catalogue's key. Its clients live as long as one
 * question, because there is one question in a worker's life.
 */
final class KafkaCatalogueLog<T extends Definition.Resource> implements CatalogueLog<T> {
    private static final Duration WITHIN = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final TopicPartition PLACE = new TopicPartition(Topic.DEFINITIONS.topicName(), 0);
    private static final int WITHIN_MS = Math.toIntExact(WITHIN.toMillis());
    private static final Map<String, Object> READING = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            WITHIN_MS);
    private static final Map<String, Object> WRITING = Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            WITHIN_MS,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            WITHIN_MS / 2,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            WITHIN_MS);

    private final KafkaClients kafka;
    private final ClientName name;
    private final EventCodec codec;
    private final KafkaRecords records;
    private final byte[] key;
    private final Class<T> type;

    /**
     * Connects to nothing yet.
     *
     * @param process whose it is
     * @param key of the catalogue's record
     * @param type of what the record has
     */
    KafkaCatalogueLog(KafkaClients kafka, String process, EventCodec codec, String key, Class<T> type) {
        this.kafka = kafka;
        this.name = new ClientName(process, "catalogue");
        this.codec = codec;
        this.records = new KafkaRecords(codec);
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.type = type;
    }

    @Override
    public Optional<T> recorded() throws CatalogueLogFailed, InterruptedException {
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(name, READING)) {
            return Optional.ofNullable(last(consumer)).flatMap(this::catalogue);
        } catch (InterruptException _) {
            throw new InterruptedException();
        } catch (KafkaException e) {
            throw failed("What is recorded cannot be read", e);
        }
    }

    /** The value that stands under the key at the topic's end. Reads all of the topic, whose records are few and small. */
    private byte @Nullable [] last(Consumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(PLACE));
        consumer.seekToBeginning(List.of(PLACE));
        long end = consumer.endOffsets(List.of(PLACE)).getOrDefault(PLACE, 0L);
        long deadline = System.nanoTime() + WITHIN.toNanos();
        byte @Nullable [] last = null;
        while (consumer.position(PLACE) < end) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException(PLACE + " could not be read up to " + end + " within " + WITHIN);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (Arrays.equals(record.key(), key)) {
                    last = record.value();
                }
            }
        }
        return last;
    }

    private Optional<T> catalogue(byte[] value) {
        try {
            Definition.Resource resource =
                    codec.decode(Topic.DEFINITIONS, Definition.class, value).resource();
            return Optional.of(resource).filter(type::isInstance).map(type::cast);
        } catch (UndecodableRecord _) {
            return Optional.empty();
        }
    }

    @Override
    public void record(Definition catalogue) throws CatalogueLogFailed, InterruptedException {
        try (BoundedClient<Producer<byte[], byte[]>> producer = BoundedClient.of(kafka.producer(name, WRITING))) {
            var _ = producer.client().send(records.definition(catalogue)).get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptException _) {
            throw new InterruptedException();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw failed("It cannot be written", e);
        }
    }

    private static CatalogueLogFailed failed(String what, Exception e) {
        return new CatalogueLogFailed(what + ": " + KafkaClients.reason(e), e);
    }
}
