package io.tailrace.local.stack;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** A Kafka cluster that is not ours to start. */
final class ExternalKafka {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private ExternalKafka() {}

    static void requireReachable(String bootstrapServers, Duration startLimit) {
        Duration limit = startLimit.compareTo(LONGEST) < 0 ? startLimit : LONGEST;
        String millis = Long.toString(limit.toMillis());
        try {
            Admin admin = Admin.create(Map.of(
                    "bootstrap.servers", bootstrapServers,
                    "request.timeout.ms", millis,
                    "default.api.timeout.ms", millis));
            try {
                admin.describeCluster().nodes().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                admin.close(Duration.ZERO);
            }
        } catch (TimeoutException | ExecutionException | KafkaException unreachable) {
            throw new StackStartException(
                    "No Kafka cluster answers at " + bootstrapServers + " within " + limit.toSeconds()
                            + " s. Check --bootstrap-servers (" + unreachable.getMessage() + ")",
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackStartException("interrupted while looking for Kafka", interrupted);
        }
    }
}
