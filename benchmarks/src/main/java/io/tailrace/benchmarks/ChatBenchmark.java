package io.tailrace.benchmarks;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What chat turns cost, on a stack of its own with two turn-workers and three partitions: from a submitted turn to its
 * start at a watcher and from a provider's byte to a watcher, one turn after the other and 200 at once; turns a second;
 * and what 1,000 tokens leave in the log.
 */
public final class ChatBenchmark {
    private static final int PARTITIONS = 3;
    private static final int CROWD = 200;
    private static final Map<String, ?> NO_SCRIPT = Map.of();

    private final LocalStack stack;
    private final Client client;

    private ChatBenchmark(LocalStack stack) {
        this.stack = stack;
        this.client = new Client(stack.gateway(1));
    }

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("tailrace-benchmark");
        try (StampingProvider provider = new StampingProvider()) {
            Path providers = Files.writeString(data.resolve("providers.yaml"), provider.providersFile());
            try (LocalStack stack = LocalStack.start(StackOptions.forBenchmarks(data.resolve("stack"))
                    .partitions(PARTITIONS)
                    .buildWorkers(0)
                    .turnWorkers(2)
                    .providersFile(providers)
                    .environment("turn-worker", "TAILRACE_WORKER_SLOTS", "150")
                    .build())) {
                ChatBenchmark benchmark = new ChatBenchmark(stack);
                if (List.of(arguments).equals(List.of("load"))) {
                    benchmark.load();
                } else {
                    benchmark.run();
                }
            }
        }
    }

    private void run() throws Exception {
        for (int i = 0; i < 20; i++) {
            turn(5, 10, new Figures());
        }
        Figures idle = new Figures();
        for (int i = 0; i < 50; i++) {
            turn(20, 50, idle);
        }
        say("submit -> turn.started at a watcher, idle", Samples.of(idle.starts));
        say("provider's byte -> watcher, idle", Samples.of(idle.tokens));
        load();
        footprint(1000, 20);
        footprint(1000, 1);
    }

    private void load() throws Exception {
        Figures crowded = crowd();
        say("submit -> turn.started at a watcher, " + CROWD + " turns at once", Samples.of(crowded.starts));
        say("provider's byte -> watcher, " + CROWD + " turns at once", Samples.of(crowded.tokens));
        throughput(500);
    }

    private static final class Figures {
        private final List<Double> starts = Collections.synchronizedList(new ArrayList<>());
        private final List<Double> tokens = Collections.synchronizedList(new ArrayList<>());
    }

    /** A chat that is watched, before its turn. */
    private final class Watched implements AutoCloseable {
        private final String run;
        private final CountDownLatch open = new CountDownLatch(1);
        private final List<Double> tokens = new ArrayList<>();
        private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        private final Future<?> watching;
        private long startedNanos;

        Watched() throws Exception {
            run = client.chat("stamping");
            watching = thread.submit(() -> {
                try {
                    client.watch(run, this::frame);
                } finally {
                    // Whoever waits for a stream that failed is told by it, and does not wait for ever.
                    open.countDown();
                }
                return true;
            });
            open.await();
        }

        private boolean frame(String event, String data, long arrived) {
            switch (event) {
                case "run.started" -> open.countDown();
                case "turn.started" -> startedNanos = arrived;
                case "model.delta" -> {
                    String text = Client.json(data).at("/payload/text").asString();
                    for (String stamp : text.strip().split(" ", -1)) {
                        tokens.add((arrived - Long.parseLong(stamp)) / 1e6);
                    }
                }
                default -> {}
            }
            return !event.equals("stage.finished");
        }

        /** Submits a turn and waits for its end. */
        void turn(int count, int paceMillis, Figures figures) throws Exception {
            long submitted = System.nanoTime();
            client.turn(run, StampingProvider.question(count, paceMillis), NO_SCRIPT);
            watching.get();
            figures.starts.add((startedNanos - submitted) / 1e6);
            figures.tokens.addAll(tokens);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    private void turn(int tokens, int paceMillis, Figures figures) throws Exception {
        try (Watched chat = new Watched()) {
            chat.turn(tokens, paceMillis, figures);
        }
    }

    /** Chats that are all watched before the first turn is submitted; then all turns at once. */
    private Figures crowd() throws Exception {
        Figures figures = new Figures();
        List<Watched> chats = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CROWD; i++) {
                chats.add(new Watched());
            }
            List<Future<?>> turns = new ArrayList<>();
            for (Watched chat : chats) {
                turns.add(threads.submit(() -> {
                    chat.turn(100, 200, figures);
                    return true;
                }));
            }
            for (Future<?> turn : turns) {
                turn.get();
            }
        } finally {
            chats.forEach(Watched::close);
        }
        return figures;
    }

    /** Turns by the scripted provider that answer at once, in chats of their own. */
    private void throughput(int turns) throws Exception {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            runs.add(client.chat("scripted"));
        }
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
            List<Future<?>> all = new ArrayList<>();
            for (String run : runs) {
                all.add(threads.submit(() -> {
                    client.turn(run, "Hello", Map.of("text", "ok"));
                    client.watch(run, (event, _, _) -> !event.equals("stage.finished"));
                    return true;
                }));
            }
            for (Future<?> turn : all) {
                turn.get();
            }
        }
        print(
                "turns with a script without delay, 32 at a time: %.0f a second",
                turns / ((System.nanoTime() - began) / 1e9));
    }

    /** What the deltas of an answer leave in the log. */
    private void footprint(int tokens, int paceMillis) throws Exception {
        Instant from = Instant.now();
        turn(tokens, paceMillis, new Figures());
        long[] counted = new long[2];
        new TopicScan(stack.bootstrapServers(), PARTITIONS).read(Topic.TURN_EVENTS, from, record -> {
            if (KafkaRecords.headers(record.headers())
                    .filter(it -> it.type().equals("model.delta"))
                    .isPresent()) {
                counted[0]++;
                counted[1] += record.serializedValueSize();
            }
        });
        print(
                "%d tokens of 16 characters, %d ms apart: %d records of deltas, %d bytes before compression",
                tokens, paceMillis, counted[0], counted[1]);
    }

    private static void say(String what, Samples samples) {
        print("%-55s %s", what, samples);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
