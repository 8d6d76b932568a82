package io.tailrace.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker. */
@Timeout(60)
class SendingWatchTest {

    @Test
    void aProducerThatHasDiedOfAnErrorIsNoticed() throws Exception {
        String clientId = "dies-" + UUID.randomUUID();
        CountDownLatch noticed = new CountDownLatch(1);
        try (TestLog log = new TestLog()) {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", log.servers(), "client.id", clientId, "enable.metrics.push", false),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            try (SendingWatch watch = SendingWatch.start(clientId, noticed::countDown)) {
                assertThat(watch.size()).isEqualTo(1);

                var _ = producer.send(new ProducerRecord<>(Topic.BUILD_EVENTS.topicName(), new byte[1]), (_, _) -> {
                    throw new OutOfMemoryError("for a test");
                });

                assertThat(noticed.await(40, TimeUnit.SECONDS)).isTrue();
            } finally {
                producer.close(Duration.ZERO);
            }
        }
    }
}
