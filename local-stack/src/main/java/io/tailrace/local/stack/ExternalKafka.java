package io.tailrace.local.stack;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** A Kafka cluster that is not ours to start. */
final class ExternalKafka {

    private static final int LIMIT_SECONDS = 10;

    private ExternalKafka() {}

    static void requireReachable(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", LIMIT_SECONDS * 1000,
                "default.api.timeout.ms", LIMIT_SECONDS * 1000))) {
            admin.describeCluster().nodes().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | KafkaException unreachable) {
            throw new StackStartException(
                    "No Kafka cluster answers at " + bootstrapServers + " within " + LIMIT_SECONDS
                            + " s. Check --bootstrap-servers (" + unreachable.getMessage() + ")",
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackStartException("interrupted while looking for Kafka", interrupted);
        }
    }
}
