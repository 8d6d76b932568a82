package io.tailrace.turn.catalogue;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.kafka.BoundedClient;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The record of the topic of definitions that is keyed {@value Definition#PROVIDERS}. Its clients live as long as one
 * question, because there is one question in a worker's life.
 */
final class KafkaCatalogueLog implements CatalogueLog {
    private static final Duration WITHIN = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final TopicPartition PLACE = new TopicPartition(Topic.DEFINITIONS.topicName(), 0);
    private static final byte[] KEY = Definition.PROVIDERS.getBytes(StandardCharsets.UTF_8);

    private final String bootstrapServers;
    private final String clientId;
    private final EventCodec codec;
    private final KafkaRecords records;

    /** The log at these servers. Connects to nothing yet. */
    KafkaCatalogueLog(String bootstrapServers, String clientId, EventCodec codec) {
        this.bootstrapServers = bootstrapServers;
        this.clientId = clientId;
        this.codec = codec;
        this.records = new KafkaRecords(codec);
    }

    @Override
    public Optional<ProviderCatalogue> recorded() throws CatalogueLogFailed, InterruptedException {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(reading())) {
            return Optional.ofNullable(last(consumer)).flatMap(this::catalogue);
        } catch (InterruptException _) {
            throw new InterruptedException();
        } catch (KafkaException e) {
            throw failed("What is recorded cannot be read", e);
        }
    }

    /** The value that stands under the key at the topic's end. Reads all of the topic, whose records are few and small. */
    private static byte @Nullable [] last(Consumer<byte[], byte[]> consumer) {
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
                if (Arrays.equals(record.key(), KEY)) {
                    last = record.value();
                }
            }
        }
        return last;
    }

    private Optional<ProviderCatalogue> catalogue(byte[] value) {
        try {
            return codec.decode(Topic.DEFINITIONS, Definition.class, value).resource()
                            instanceof ProviderCatalogue catalogue
                    ? Optional.of(catalogue)
                    : Optional.empty();
        } catch (UndecodableRecord _) {
            return Optional.empty();
        }
    }

    @Override
    public void record(Definition catalogue) throws CatalogueLogFailed, InterruptedException {
        try (BoundedClient<Producer<byte[], byte[]>> producer = BoundedClient.of(new KafkaProducer<>(writing()))) {
            var _ = producer.client().send(records.definition(catalogue)).get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptException _) {
            throw new InterruptedException();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw failed("It cannot be written", e);
        }
    }

    private static CatalogueLogFailed failed(String what, Exception e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return new CatalogueLogFailed(what + ": " + reason, e);
    }

    private Map<String, Object> reading() {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(WITHIN.toMillis()));
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    private Map<String, Object> writing() {
        int within = Math.toIntExact(WITHIN.toMillis());
        Map<String, Object> config = common();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, within);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, within / 2);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, within);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrapServers);
        config.put("client.id", clientId);
        config.put("reconnect.backoff.ms", 100);
        config.put("reconnect.backoff.max.ms", 500);
        config.put("enable.metrics.push", false);
        return config;
    }
}
