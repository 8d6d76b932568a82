package io.tailrace.coordinator.live;

import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.plan.Limits;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures, and asserts nothing: how long after a command was given its request is in a worker's hands, with the
 * arguments in {@code -Dmeasure.arguments} (separated by '|', one start of the coordinator each), idle and beside a
 * flood on the same partition. Not part of the suite: {@code mvn -pl run-coordinator test -Dtest=DispatchMeasurement}.
 */
class DispatchMeasurement {
    private static final int PARTITIONS = Integer.getInteger("measure.partitions", 12);
    private static final int RUNS = Integer.getInteger("measure.runs", 200);

    @TempDir
    private Path folder;

    @Test
    void measure() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(
                        folder.resolve("kafka"), BrokerSettings.durable(0).endingWithParent());
                LiveLog log = new LiveLog(broker.bootstrapServers(), PARTITIONS);
                FakeWorker worker = new FakeWorker(log, PARTITIONS)) {
            String arguments = System.getProperty("measure.arguments", "--tailrace.coordinator.commit-interval=50ms");
            for (String argument : arguments.split("\\|", -1)) {
                long start = System.nanoTime();
                try (RunningCoordinator coordinator = RunningCoordinator.start(
                        broker.bootstrapServers(), PARTITIONS, folder.resolve("state"), argument.split(" ", -1))) {
                    System.out.printf("%s: ready after %d ms%n", argument, (System.nanoTime() - start) / 1_000_000);
                    dispatch(log, worker, 50);
                    report(argument + " idle", log, worker, dispatch(log, worker, RUNS));
                    if (Boolean.getBoolean("measure.flood")) {
                        flooded(argument, log, worker);
                    }
                    System.out.println(coordinator
                            .get("/actuator/prometheus")
                            .body()
                            .lines()
                            .filter(it -> it.startsWith("process_cpu_time")
                                    || it.startsWith("tailrace_coordinator_silence")
                                    || it.startsWith("tailrace_coordinator_tick_lag"))
                            .toList());
                }
            }
        }
    }

    private static Map<RunId, Long> dispatch(LiveLog log, FakeWorker worker, int runs) {
        Map<RunId, Long> submitted = new HashMap<>();
        for (int i = 0; i < runs; i++) {
            RunId run = LiveLog.newRun();
            submitted.put(run, System.nanoTime());
            log.create(run, 1, Limits.DEFAULT);
            LockSupport.parkNanos(Duration.ofMillis(20 + i % 17).toNanos());
        }
        for (RunId run : submitted.keySet()) {
            worker.awaitRequest(StageId.of(run, 1), 1);
            await().atMost(LiveLog.PATIENCE)
                    .until(() -> log.firstViewNanos(run).isPresent()
                            && log.firstSpineNanos(run).isPresent());
        }
        for (RunId run : submitted.keySet()) {
            worker.claim(StageId.of(run, 1), 1, "w").complete(io.tailrace.events.run.Outcome.SUCCEEDED);
        }
        return submitted;
    }

    private static void flooded(String argument, LiveLog log, FakeWorker worker) throws InterruptedException {
        RunId flooder = log.create(1);
        StageId stage = StageId.of(flooder, 1);
        worker.awaitRequest(stage, 1);
        FakeWorker.Holder holder = worker.claim(stage, 1, "flooder");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        Thread flood = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                holder.flood(500);
                written.addAndGet(64 * 1024);
            }
        });
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        long before = written.get();
        long start = System.nanoTime();
        int partition = KafkaRecords.partitionOf(flooder, PARTITIONS);
        Map<RunId, Long> submitted = new HashMap<>();
        for (int i = 0; i < RUNS / 2; i++) {
            RunId run = LiveLog.newRun();
            while (KafkaRecords.partitionOf(run, PARTITIONS) != partition) {
                run = LiveLog.newRun();
            }
            submitted.put(run, System.nanoTime());
            log.create(run, 1, Limits.DEFAULT);
            LockSupport.parkNanos(Duration.ofMillis(20 + i % 17).toNanos());
        }
        for (RunId run : submitted.keySet()) {
            worker.awaitRequest(StageId.of(run, 1), 1);
            await().atMost(LiveLog.PATIENCE).until(() -> log.firstViewNanos(run).isPresent());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("flood of %.0f MB/s on the same partition%n", (written.get() - before) / seconds / 1_000_000);
        report(argument + " flooded", log, worker, submitted);
        stop.set(true);
        flood.join();
        log.cancel(flooder);
    }

    private static void report(String what, LiveLog log, FakeWorker worker, Map<RunId, Long> submitted) {
        Map<StageId, Long> taken = new HashMap<>();
        worker.taken().forEach(it -> taken.putIfAbsent(it.stage(), it.nanos()));
        List<Long> requests = new ArrayList<>();
        List<Long> spine = new ArrayList<>();
        List<Long> views = new ArrayList<>();
        submitted.forEach((run, at) -> {
            requests.add(taken.getOrDefault(StageId.of(run, 1), Long.MAX_VALUE) - at);
            spine.add(log.firstSpineNanos(run).orElseThrow() - at);
            views.add(log.firstViewNanos(run).orElseThrow() - at);
        });
        System.out.printf(
                "MEASURED %s: submit -> request taken %s; -> run.created read %s; -> view read %s%n",
                what, percentiles(requests), percentiles(spine), percentiles(views));
    }

    private static String percentiles(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return Arrays.stream(new double[] {0.5, 0.9, 0.99})
                        .mapToObj(it ->
                                String.format("p%.0f %.1f", it * 100, sorted[(int) (it * (sorted.length - 1))] / 1e6))
                        .reduce((one, other) -> one + " " + other)
                        .orElseThrow()
                + " ms";
    }
}
