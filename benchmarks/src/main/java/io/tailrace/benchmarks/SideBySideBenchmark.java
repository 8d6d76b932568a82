package io.tailrace.benchmarks;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two stacks that both run, such as of two commits, asked the same in turn: whatever else the machine does meets both. Its
 * arguments are their gateways, the older one first; both need phases of requests ({@code --adhoc-phases}).
 */
public final class SideBySideBenchmark {
    private static final int WARM = 150;
    private static final int PAIRS = 100;
    private static final int ROUNDS = 7;
    private static final int TURNS = 150;
    private static final int AT_ONCE = 32;
    private static final String PROVIDER = "scripted";

    private final Client before;
    private final Client after;

    private SideBySideBenchmark(URI before, URI after) {
        this.before = new Client(before);
        this.after = new Client(after);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("two gateways are needed, the older one first");
        }
        new SideBySideBenchmark(URI.create(arguments[0]), URI.create(arguments[1])).run();
    }

    private void run() throws Exception {
        compare("submit -> turn.started at a watcher, ms", WARM, PAIRS, SideBySideBenchmark::turn);
        compare("submit -> attempt.started of a build at a watcher, ms", WARM, PAIRS, SideBySideBenchmark::build);
        compare("turns a second, " + AT_ONCE + " in flight", 1, ROUNDS, SideBySideBenchmark::turnsASecond);
    }

    @FunctionalInterface
    private interface Measure {
        double of(Client client) throws Exception;
    }

    private void compare(String what, int warm, int pairs, Measure measure) throws Exception {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int i = -warm; i < pairs; i++) {
            // Who comes second is met by what the first one left; so each is first half the time.
            boolean inOrder = i % 2 == 0;
            double one = measure.of(inOrder ? before : after);
            double other = measure.of(inOrder ? after : before);
            if (i >= 0) {
                double old = inOrder ? one : other;
                double now = inOrder ? other : one;
                first.add(old);
                second.add(now);
                ratios.add(now / old);
            }
        }
        double old = median(first);
        double now = median(second);
        System.out.println(String.format(
                Locale.ROOT,
                "%-55s n=%d  before %.1f  after %.1f  ratio of medians %.3f  median of ratios %.3f",
                what,
                pairs,
                old,
                now,
                now / old,
                median(ratios)));
    }

    private static double median(List<Double> values) {
        return Samples.of(values).percentile(0.5);
    }

    /** Of a chat that is watched before its turn is submitted. */
    private static double turn(Client client) throws Exception {
        String run = client.chat(PROVIDER);
        CountDownLatch open = new CountDownLatch(1);
        AtomicLong started = new AtomicLong();
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> watching = thread.submit(() -> {
                try {
                    client.watch(run, (event, _, arrived) -> {
                        open.countDown();
                        if (event.equals("turn.started")) {
                            started.set(arrived);
                        }
                        return !event.equals("stage.finished");
                    });
                } finally {
                    open.countDown();
                }
                return true;
            });
            open.await();
            long submitted = System.nanoTime();
            client.turn(run, "Hello", Map.of("text", "ok"));
            watching.get();
            return (started.get() - submitted) / 1e6;
        }
    }

    private static double build(Client client) throws Exception {
        AtomicLong started = new AtomicLong();
        long submitted = System.nanoTime();
        String run = client.build("true");
        client.watch(run, (event, _, arrived) -> {
            if (event.equals("attempt.started")) {
                started.set(arrived);
            }
            return true;
        });
        return (started.get() - submitted) / 1e6;
    }

    /** Each in a chat of its own, with a watcher who comes with it. */
    private static double turnsASecond(Client client) throws Exception {
        List<String> chats = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            chats.add(client.chat(PROVIDER));
        }
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (String chat : chats) {
                all.add(threads.submit(() -> {
                    client.turn(chat, "Hello", Map.of("text", "ok"));
                    client.watch(chat, (event, _, _) -> !event.equals("stage.finished"));
                    return true;
                }));
            }
            for (Future<?> turn : all) {
                turn.get();
            }
        }
        return TURNS / ((System.nanoTime() - began) / 1e9);
    }
}
