package io.tailrace.benchmarks;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the spine costs, on a stack of its own with three partitions: from a submitted command to the claim of its
 * stage, from a printed line to a watcher's socket, a gigabyte of console output, and what a flood does to its
 * neighbours. Idle and flooded figures come from one run of this program, so that their ratios can be compared.
 */
public final class SpineBenchmark {
    private static final int PARTITIONS = 3;
    private static final long GIGABYTE = 1_000_000_000L;

    private final LocalStack stack;
    private final Client client;

    private SpineBenchmark(LocalStack stack) {
        this.stack = stack;
        this.client = new Client(stack.gateway(1));
    }

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("tailrace-benchmark");
        try (LocalStack stack = LocalStack.start(StackOptions.forTests(data)
                .partitions(PARTITIONS)
                .buildWorkers(2)
                .environment("build-worker", "TAILRACE_WORKER_SLOTS", "4")
                .build())) {
            new SpineBenchmark(stack).run();
        }
    }

    private void run() throws Exception {
        claims(30);
        Samples idleClaims = claims(200);
        say("submit -> attempt.started, idle", idleClaims);
        Samples idleLines = lines(100);
        say("printed line -> watcher, idle", idleLines);

        String flood = client.build("yes 'a line that is printed without end, about as long as console lines are'");
        awaitFirstLine(flood);
        Samples floodedClaims = claims(100);
        say("submit -> attempt.started, beside a flood", floodedClaims);
        Samples floodedLines = lines(60);
        say("printed line -> watcher, beside a flood", floodedLines);
        client.cancel(flood);
        awaitEnd(flood);
        print(
                "ratio flooded/idle at the median: submit %.1f, line %.1f",
                floodedClaims.percentile(0.5) / idleClaims.percentile(0.5),
                floodedLines.percentile(0.5) / idleLines.percentile(0.5));
        gigabyte();
    }

    /** One run after the other, each of one trivial phase; times are the broker's append timestamps. */
    private Samples claims(int runs) throws Exception {
        List<String> ids = new ArrayList<>();
        Instant from = Instant.now().minusSeconds(1);
        for (int i = 0; i < runs; i++) {
            String run = client.build("true");
            ids.add(run);
            awaitEnd(run);
        }
        Map<String, Long> submitted = new HashMap<>();
        Map<String, Long> claimed = new HashMap<>();
        read(Topic.RUN_COMMANDS, from, record -> submitted.putIfAbsent(key(record), record.timestamp()));
        read(Topic.BUILD_EVENTS, from, record -> {
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

    /** A process prints the clock every 100 ms; the difference at the watcher is the way of a lone line. */
    private Samples lines(int count) throws Exception {
        String run = client.build("for i in $(seq " + count + "); do date +%s%N; sleep 0.1; done");
        List<Double> milliseconds = new ArrayList<>();
        client.watch(run, (event, data, arrived) -> {
            if (event.equals("console.line")) {
                Instant now = Instant.now();
                long printed = Long.parseLong(
                        Client.json(data).at("/payload/text").asString().strip());
                long arrivedEpoch = now.getEpochSecond() * 1_000_000_000L + now.getNano();
                milliseconds.add((arrivedEpoch - printed) / 1e6);
            }
            return true;
        });
        return Samples.of(milliseconds.subList(Math.min(5, milliseconds.size() - 1), milliseconds.size()));
    }

    private void gigabyte() throws Exception {
        String line = "x".repeat(99);
        long began = System.nanoTime();
        String run = client.build("yes " + line + " | head -c " + GIGABYTE);
        long[] seen = new long[3];
        client.watch(run, (event, data, _) -> {
            if (event.equals("console.line")) {
                seen[0]++;
                int at = data.indexOf("\"text\":\"");
                seen[1] += data.indexOf('"', at + 8) - (at + 8) + 1;
                seen[2] += data.length();
            }
            return true;
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        print(
                "1 GB of console output to one watcher: %.1f s, %.1f MB/s; %d lines, %d bytes of text (%s), %.1f GB of frames",
                seconds,
                seen[1] / 1e6 / seconds,
                seen[0],
                seen[1],
                seen[1] == GIGABYTE ? "complete" : "NOT COMPLETE",
                seen[2] / 1e9);
        for (StackMember member : stack.members()) {
            print("  peak resident memory of %s: %s", member.name(), peakMemory(member.pid()));
        }
    }

    private static String peakMemory(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(it -> it.startsWith("VmHWM"))
                .map(it -> it.substring(6).strip())
                .findFirst()
                .orElse("unknown");
    }

    private void awaitFirstLine(String run) throws Exception {
        client.watch(run, (event, _, _) -> !event.equals("console.line"));
    }

    private void awaitEnd(String run) throws Exception {
        client.watch(run, (event, _, _) -> !event.equals("run.completed"));
    }

    @FunctionalInterface
    private interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record);
    }

    private void read(Topic topic, Instant from, Taker taker) {
        Map<String, Object> config = Map.of("bootstrap.servers", stack.bootstrapServers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> times = new HashMap<>();
            for (int p = 0; p < PARTITIONS; p++) {
                times.put(new TopicPartition(topic.topicName(), p), from.toEpochMilli());
            }
            consumer.assign(times.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(times.keySet());
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                if (found == null) {
                    consumer.seekToEnd(List.of(partition));
                } else {
                    consumer.seek(partition, found.offset());
                }
            });
            while (ends.entrySet().stream().anyMatch(it -> consumer.position(it.getKey()) < it.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    taker.take(record);
                }
            }
        }
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key == null ? "" : new RunId(new String(key, StandardCharsets.UTF_8)).value();
    }

    private static void say(String what, Samples samples) {
        print("%-45s %s", what, samples);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
