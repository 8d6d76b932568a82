package io.tailrace.service.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultShareConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * spring-kafka's factories, asked for the bare client by the methods that they have for who extends them. What
 * {@code createProducer()} hands out is shared, numbers the client's id, is closed by the factory alone, and closes itself
 * for good after a sequence error that no one else hears of; here each purpose has its producer and its close.
 */
final class SpringFactories {
    private SpringFactories() {}

    static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return new Producers().make(config);
    }

    static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new Consumers().make(config);
    }

    static Consumer<byte[], byte[]> consumer(
            Map<String, Object> config, java.util.function.Consumer<Consumer<byte[], byte[]>> polling) {
        return new PolledConsumers(polling).make(config);
    }

    static ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> config) {
        DefaultShareConsumerFactory<byte[], byte[]> factory =
                new DefaultShareConsumerFactory<>(Map.of(), ByteArrayDeserializer::new, ByteArrayDeserializer::new);
        return factory.createShareConsumer(null, null, config);
    }

    static Admin admin(Map<String, Object> config) {
        return new Admins(config).make();
    }

    private static final class Producers extends DefaultKafkaProducerFactory<byte[], byte[]> {
        Producers() {
            super(Map.of(), ByteArraySerializer::new, ByteArraySerializer::new);
        }

        Producer<byte[], byte[]> make(Map<String, Object> config) {
            return createRawProducer(config);
        }
    }

    private static class Consumers extends DefaultKafkaConsumerFactory<byte[], byte[]> {
        Consumers() {
            super(Map.of(), ByteArrayDeserializer::new, ByteArrayDeserializer::new);
        }

        Consumer<byte[], byte[]> make(Map<String, Object> config) {
            return createKafkaConsumer(config);
        }
    }

    private static final class PolledConsumers extends Consumers {
        private final java.util.function.Consumer<Consumer<byte[], byte[]>> polling;

        PolledConsumers(java.util.function.Consumer<Consumer<byte[], byte[]>> polling) {
            this.polling = polling;
        }

        @Override
        protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> config) {
            return new ExtendedKafkaConsumer(config) {
                @Override
                public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    polling.accept(this);
                    return super.poll(timeout);
                }
            };
        }
    }

    private static final class Admins extends KafkaAdmin {
        Admins(Map<String, Object> config) {
            super(config);
        }

        Admin make() {
            return createAdmin();
        }
    }
}
