package io.tailrace.gateway.runs;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** Measures what a run costs the catalogue: a main method, run by hand; its figures stand in docs/decisions. */
final class CatalogueFootprint {
    private static final EventCodec CODEC = new EventCodec();

    private CatalogueFootprint() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws InterruptedException {
        int runs = args.length == 0 ? 200_000 : Integer.parseInt(args[0]);
        for (RunStatus status : List.of(RunStatus.RUNNING, RunStatus.SUCCEEDED)) {
            for (int phases : List.of(0, 5, 50)) {
                int count = phases == 50 ? runs / 10 : runs;
                long before = heap();
                RunCatalogue catalogue = new RunCatalogue(CODEC);
                SplittableRandom random = new SplittableRandom(7);
                long encoded = 0;
                long began = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    RunView view = view(random, i, status, phases);
                    byte[] bytes = CODEC.encode(Topic.RUNS, view);
                    encoded += bytes.length;
                    catalogue.put(view, bytes);
                }
                double micros = (System.nanoTime() - began) / 1e3 / count;
                long used = heap() - before;
                began = System.nanoTime();
                int pages = 1000;
                for (int i = 0; i < pages; i++) {
                    RunPage page = catalogue.page(RunFilter.ALL, Optional.empty(), 50);
                    if (page.runs().size() != 50) {
                        throw new IllegalStateException();
                    }
                }
                double page = (System.nanoTime() - began) / 1e3 / pages;
                System.out.printf(
                        "%-9s %2d ad-hoc phases: %5d B encoded, %5d B held, %5d B of heap a run; %.1f µs to encode and"
                                + " put; page of 50 %.0f µs%n",
                        status, phases, encoded / count, catalogue.heldBytes() / count, used / count, micros, page);
                if (catalogue.size() != count) {
                    throw new IllegalStateException();
                }
            }
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static RunView view(SplittableRandom random, int number, RunStatus status, int phases) {
        RunId run = RunId.of(new UUID(0x019a_0000_0000_7000L + ((long) number << 16), random.nextLong()));
        Instant created = Instant.ofEpochMilli(1_760_000_000_000L + number * 37L);
        List<Phase> adhoc = new ArrayList<>();
        for (int i = 0; i < phases; i++) {
            adhoc.add(new Phase(
                    "phase-" + i,
                    "Phase number " + i,
                    List.of("/usr/bin/make", "-j", "4", "target-" + random.nextInt(1000)),
                    Duration.ofMinutes(30),
                    Map.of("BUILD_NUMBER", Integer.toString(number)),
                    false));
        }
        Optional<String> definition = phases == 0 ? Optional.of("hello") : Optional.empty();
        Optional<Instant> later = Optional.of(created.plusMillis(random.nextInt(60_000)));
        boolean ended = status.isFinal();
        RunView.StageView stage = new RunView.StageView(
                new StageId(run.value() + ".1"),
                1,
                new Attempt(1),
                ended ? Optional.of(Outcome.SUCCEEDED) : Optional.empty(),
                Optional.of(new WorkerId("build-worker-1-" + Integer.toHexString(random.nextInt()))),
                created,
                later,
                ended ? later : Optional.empty(),
                ended ? Optional.of(Duration.ofMillis(random.nextInt(60_000))) : Optional.empty(),
                Optional.empty());
        return new RunView(
                run,
                new WorkspaceId("workspace-" + number % 20),
                "build",
                Optional.of("Nightly build of branch " + random.nextInt(1000)),
                status,
                created,
                later,
                ended ? later : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Plan(List.of(new BuildStep(BuildStep.COMMANDS, definition, adhoc))),
                Limits.DEFAULT,
                List.of(stage),
                Long.toHexString(random.nextLong()).repeat(4),
                number % 12,
                number * 10L,
                new RunView.NumberedSpot(number * 10L + 9, 900, random.nextInt()),
                number * 10L + 9);
    }
}
