package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes of this worker's builds. One per JVM: it makes the JVM a sub-reaper. Safe from any thread.
 *
 * <p>When the JVM ends, however it ends, a {@link Warden} ends what its builds had started.
 */
public final class BuildProcesses implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BuildProcesses.class);

    /** How often the machine's number of processes is read. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(25);

    /** How often the builds' processes are counted, whatever that number is. */
    private static final Duration COUNT_INTERVAL = Duration.ofMillis(500);

    /** So many new processes and threads since the last count make the next one due. */
    private static final int NEW_TASKS = 100;

    private final ProcessMark mark;
    private final ProcessCensus census = new ProcessCensus();
    /** Confined to the timer's thread, as the next one. */
    private long countedAt = System.nanoTime();

    private int tasksAtCount;
    private final AtomicLong builds = new AtomicLong();
    private final Confinement confinement;
    private final TreeLimits limits;
    private final Map<String, OpenTree> open = new ConcurrentHashMap<>();
    private final Warden warden;

    /** Lives as long as this JVM's builds: what asks for its parent's death signal gets it when the thread that started it ends. */
    private final ExecutorService holderStarts = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("isolation").factory());

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("process-census").factory());

    /**
     * @param mark this worker's
     * @param folder below which the builds' folders lie
     * @param confinement of every build
     * @param limits of every build
     * @throws IOException when the warden cannot be started
     */
    public BuildProcesses(ProcessMark mark, Path folder, Confinement confinement, TreeLimits limits)
            throws IOException {
        Posix.becomeSubreaper();
        this.mark = mark;
        this.confinement = confinement;
        this.limits = limits;
        this.warden = Warden.start(census, mark, folder);
        long interval = LOOK_INTERVAL.toMillis();
        var _ = timer.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
    }

    private record OpenTree(ProcessTree tree, TreeLimits limits) {}

    /** A tree for a new build. To be closed. */
    public ProcessTree open(BuildScope scope) {
        return open(scope, limits);
    }

    /** A tree with limits of its own. To be closed. */
    public ProcessTree open(BuildScope scope, TreeLimits limits) {
        String build = mark.ofBuild(builds.incrementAndGet());
        ProcessTree tree = new ProcessTree(
                census, build, scope, confinement, builder -> startHolder(builder, build), () -> open.remove(build));
        open.put(build, new OpenTree(tree, limits));
        return tree;
    }

    private Process startHolder(ProcessBuilder builder, String build) throws IOException {
        try {
            return holderStarts
                    .submit(() -> census.start(builder, Optional.of(build)))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a build", e);
        }
    }

    /**
     * Ends at once what a worker that is no more left behind. Blocks for up to 10 s.
     *
     * @return how many processes could not be ended
     */
    public static int endLeftBehind(ProcessMark mark, Path folder) {
        return new ProcessEnder(() -> leftBehind(mark, folder))
                .end(Duration.ZERO)
                .size();
    }

    private static List<ProcessEntry> leftBehind(ProcessMark mark, Path folder) {
        try {
            return ProcessTable.take().entries().values().stream()
                    .filter(entry -> !entry.isZombie())
                    .filter(entry -> ProcessTable.environment(entry.pid())
                                    .filter(text -> text.contains(mark.prefix()))
                                    .isPresent()
                            || ProcessTable.workingFolder(entry.pid())
                                    .filter(path -> path.startsWith(folder))
                                    .isPresent())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be listed", e);
        }
    }

    /** A build that multiplies itself is noticed long before the next regular count. */
    private void look() {
        if (open.isEmpty()) {
            return;
        }
        try {
            int tasks = ProcessTable.tasksOfMachine();
            long now = System.nanoTime();
            if (tasks - tasksAtCount > NEW_TASKS || now - countedAt >= COUNT_INTERVAL.toNanos()) {
                countedAt = now;
                tasksAtCount = tasks;
                learn();
            } else {
                tasksAtCount = Math.min(tasksAtCount, tasks);
            }
        } catch (IOException | RuntimeException | Error e) { // whatever it is: the executor would never look again
            log.warn("The machine's processes could not be counted; the next try follows", e);
        }
    }

    private void learn() {
        try {
            long exactAbove = open.values().stream()
                    .mapToLong(it -> it.limits().memoryBytes())
                    .min()
                    .orElse(limits.memoryBytes());
            census.learn(exactAbove).forEach((build, usage) -> {
                OpenTree its = open.get(build);
                if (its != null) {
                    its.limits().exceededBy(usage).ifPresent(its.tree()::overused);
                }
            });
        } catch (RuntimeException | Error e) {
            log.warn("The processes of the running builds could not be counted; the next try follows", e);
        }
    }

    /** Stops counting. The warden ends what is left of the builds, if anything. */
    @Override
    public void close() {
        timer.shutdownNow();
        warden.close();
        holderStarts.shutdown();
    }
}
