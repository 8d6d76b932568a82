package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackNews;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.systemtests.ChaosFaults.Fault;
import io.tailrace.systemtests.ChaosLoad.Watched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Any process is killed or stopped at any time, under builds and chats, and in the end each run has ended and everybody
 * has seen exactly what the log has. The faults are those of {@code -Dtailrace.chaos.seed} and go on for
 * {@code -Dtailrace.chaos.seconds}; what it left of a run that failed, logs and data, lies in {@code target/chaos-SEED}.
 */
@Tag("alone")
@Timeout(value = 1, unit = TimeUnit.DAYS) // its load, its faults and its recovery are each bounded
class ChaosTest {
    private static final long SEED = Long.getLong("tailrace.chaos.seed", 20261129L);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("tailrace.chaos.seconds", 40L));
    private static final Duration TO_RECOVER = Duration.ofMinutes(3);
    private static final int BUILDERS = 2;
    private static final int CHATTERS = 3;

    private final ChaosFindings findings = new ChaosFindings();

    @Test
    void whateverDiesEachRunEndsAndEverybodySawWhatTheLogHas() throws Exception {
        Path data = Path.of("target", "chaos-" + SEED).toAbsolutePath();
        Folders.emptied(data);
        List<Fault> faults = ChaosFaults.schedule(SEED, LENGTH);
        try {
            play(data, faults);
        } catch (RuntimeException | AssertionError failed) {
            findings.isWrong(failed.toString());
        }
        String report = findings.report("Chaos with seed " + SEED + " for " + LENGTH.toSeconds() + " s on " + data);
        System.out.println(report);
        Files.writeString(Files.createDirectories(data).resolve("report"), report);
        assertThat(findings.wrong()).as(report).isEmpty();
        Folders.delete(data);
    }

    private void play(Path data, List<Fault> faults) throws Exception {
        StackNews news = new StackNews() {
            @Override
            public void ready(String name, Duration after) {}

            @Override
            public void said(String text) {
                findings.happened(text.lines().findFirst().orElse(""));
            }
        };
        try (LocalStack stack = LocalStack.start(
                StackOptions.forTests(data)
                        .gateways(2)
                        .coordinators(2)
                        .buildWorkers(2)
                        .turnWorkers(2)
                        .partitions(3)
                        .restarting(true)
                        .startLimit(Duration.ofMinutes(4))
                        .environment("build-worker", "TAILRACE_WORKER_SLOTS", "6")
                        .environment("turn-worker", "TAILRACE_WORKER_SLOTS", "6")
                        .build(),
                news)) {
            List<Gateway> gateways = List.of(new Gateway(stack.gateway(1)), new Gateway(stack.gateway(2)));
            ChaosLoad load = new ChaosLoad(gateways, SEED, findings);
            load.begin(BUILDERS, CHATTERS);
            inflict(stack, faults);
            awaitAllReady(stack);
            load.end();
            compare(load, gateways);
            load.dismissWatchers();
        }
    }

    private void inflict(LocalStack stack, List<Fault> faults) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Duration began = findings.since();
        for (Fault fault : faults) {
            long wait = fault.at().minus(findings.since().minus(began)).toMillis();
            boolean _ = never.await(Math.max(0, wait), TimeUnit.MILLISECONDS);
            findings.happened(ChaosFaults.inflict(stack, fault));
        }
    }

    private void awaitAllReady(LocalStack stack) {
        for (StackMember member : stack.members()) {
            Awaitility.await(member.name() + " is back")
                    .atMost(TO_RECOVER)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> {
                        member.awaitReady();
                        return true;
                    });
        }
        findings.happened("all processes are back");
    }

    private void compare(ChaosLoad load, List<Gateway> gateways) throws InterruptedException {
        long deadline = System.nanoTime() + TO_RECOVER.toNanos();
        Set<String> known = new HashSet<>();
        for (Watched it : load.runs()) {
            known.add(it.run());
            for (ChaosWatcher watcher : it.watchers()) {
                if (!watcher.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                    findings.isWrong("the stream of " + it.run() + " has not ended");
                }
            }
            compare(it, gateways);
        }
        Set<String> listed = new HashSet<>(runsOf(gateways.getFirst()));
        if (!listed.equals(known)) {
            findings.isWrong("the list has " + listed.size() + " runs, " + known.size() + " were made");
        }
    }

    private void compare(Watched it, List<Gateway> gateways) {
        List<JsonNode> log = gateways.getFirst().events(it.run());
        if (!gateways.getLast().events(it.run()).equals(log)) {
            findings.isWrong("the gateways do not have the same events of " + it.run());
        }
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).get("sequence").asLong() != i + 1
                    || !ids.add(log.get(i).get("event_id").asString())) {
                findings.isWrong(
                        "event " + (i + 1) + " of " + it.run() + " is no new one with this sequence: " + log.get(i));
            }
        }
        for (ChaosWatcher watcher : it.watchers()) {
            watcher.differenceFrom(log)
                    .ifPresent(difference -> findings.isWrong("a watcher of " + it.run() + " " + difference));
        }
        String status = gateways.getFirst().status(it.run());
        findings.count((it.isChat() ? "chat " : "build ") + status);
        if (!status.equals("succeeded")) {
            findings.isWrong(it.run() + " is " + status + ", and nothing was wrong with it: "
                    + (log.isEmpty() ? "no events" : log.getLast().toString()));
        }
        log.forEach(event -> findings.count("events"));
    }

    private static List<String> runsOf(Gateway gateway) {
        List<String> ids = new ArrayList<>();
        String page = "";
        do {
            JsonNode answer =
                    Gateway.JSON.readTree(gateway.get("/v1/runs?workspace=" + ChaosLoad.WORKSPACE + "&limit=100" + page)
                            .body());
            answer.get("runs").forEach(run -> ids.add(run.get("run_id").asString()));
            String next = answer.path("next_page").asString("");
            page = next.isEmpty() ? "" : "&page=" + next;
        } while (!page.isEmpty());
        return ids;
    }
}
