package io.tailrace.benchmarks;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.local.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Measures how long a submitted command takes to the claim of its stage. Confined to one thread. */
final class ClaimTimes {
    private final Client client;
    private final TopicScan scan;

    ClaimTimes(LocalStack stack, Client client, int partitions) {
        this.client = client;
        this.scan = new TopicScan(stack.bootstrapServers(), partitions);
    }

    /** One run after the other, each of one trivial phase; times are the broker's append timestamps. */
    Samples measure(int runs) throws Exception {
        List<String> ids = new ArrayList<>();
        Instant from = Instant.now().minusSeconds(1);
        for (int i = 0; i < runs; i++) {
            String run = client.build("true");
            ids.add(run);
            awaitEnd(run);
        }
        Map<String, Long> submitted = new HashMap<>();
        Map<String, Long> claimed = new HashMap<>();
        scan.read(Topic.RUN_COMMANDS, from, record -> submitted.putIfAbsent(key(record), record.timestamp()));
        scan.read(Topic.BUILD_EVENTS, from, record -> {
            if (KafkaRecords.headers(record.headers())
                    .filter(it -> it.type().equals("attempt.started"))
                    .isPresent()) {
                claimed.putIfAbsent(key(record), record.timestamp());
            }
        });
        List<Double> milliseconds = new ArrayList<>();
        for (String id : ids) {
            milliseconds.add((double) (claimed.getOrDefault(id, Long.MAX_VALUE) - submitted.getOrDefault(id, 0L)));
        }
        return Samples.of(milliseconds);
    }

    private void awaitEnd(String run) throws Exception {
        client.watch(run, (event, _, _) -> !event.equals("run.completed"));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key == null ? "" : new RunId(new String(key, StandardCharsets.UTF_8)).value();
    }
}
