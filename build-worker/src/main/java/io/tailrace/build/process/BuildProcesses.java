package io.tailrace.build.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    private static final Duration CENSUS_INTERVAL = Duration.ofSeconds(1);

    private final ProcessMark mark;
    private final ProcessCensus census = new ProcessCensus();
    private final AtomicLong builds = new AtomicLong();
    private final Warden warden;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("process-census").factory());

    /**
     * @param mark this worker's
     * @param folder below which the builds' folders lie
     * @throws IOException when the warden cannot be started
     */
    public BuildProcesses(ProcessMark mark, Path folder) throws IOException {
        Posix.becomeSubreaper();
        this.mark = mark;
        this.warden = Warden.start(census, mark, folder);
        long interval = CENSUS_INTERVAL.toMillis();
        var _ = timer.scheduleWithFixedDelay(this::learn, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** A tree for a new build whose commands run in this folder. To be closed. */
    public ProcessTree open(Path folder) {
        return new ProcessTree(census, mark.ofBuild(builds.incrementAndGet()), folder);
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

    private void learn() {
        try {
            census.learn();
        } catch (RuntimeException e) {
            log.warn("The processes of the running builds could not be counted; the next try follows", e);
        }
    }

    /** Stops counting. The warden ends what is left of the builds, if anything. */
    @Override
    public void close() {
        timer.shutdownNow();
        warden.close();
    }
}
