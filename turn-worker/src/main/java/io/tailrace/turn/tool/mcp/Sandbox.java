package io.tailrace.turn.tool.mcp;

import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.Isolation;
import io.tailrace.sandbox.isolation.IsolationSettings;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import io.tailrace.sandbox.isolation.ResourceLimits;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.sandbox.process.TreeLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the processes of servers live: as isolated as builds are, by the same means. One per JVM. */
final class Sandbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);
    private static final long GIBIBYTE = 1L << 30;

    /** Of one process, by the kernel; what a server's processes use together is watched, by its own limits. */
    private static final ResourceLimits LIMITS =
            new ResourceLimits(Duration.ofDays(30), 64 * GIBIBYTE, GIBIBYTE, 4_096, 32 * 1024);

    private final WorkerFolder folder;
    private final Isolation isolation;
    private final BuildProcesses processes;

    private Sandbox(WorkerFolder folder, Isolation isolation, BuildProcesses processes) {
        this.folder = folder;
        this.isolation = isolation;
        this.processes = processes;
    }

    /**
     * Finds out how servers can be isolated here, and removes what dead workers left in the folder.
     *
     * @param dataFolder for the servers' folders; several workers can share it. Without one a temporary folder serves this worker
     * @throws IllegalStateException when the mode demands bubblewrap and it does not work
     */
    static Sandbox open(Mode mode, Optional<Path> dataFolder, ProcessMark mark) throws IOException {
        WorkerFolder folder = dataFolder.isPresent()
                ? WorkerFolder.open(dataFolder.get(), mark)
                : WorkerFolder.openTemporary("tailrace-tool-servers-", mark);
        try {
            int _ = folder.clearLeftBehind();
            Path java = Path.of(System.getProperty("java.home"));
            IsolationSettings settings =
                    new IsolationSettings(mode, Network.HOST, List.of(java), List.of(folder.path()));
            var probe = folder.create();
            Isolation isolation;
            try {
                isolation = Isolation.choose(settings, LIMITS, probe.path());
            } finally {
                probe.remove();
            }
            log.info("The processes of tool servers are isolated by: {}", isolation.modeName());
            return new Sandbox(
                    folder,
                    isolation,
                    new BuildProcesses(mark, folder.path(), isolation.confinement(), TreeLimits.NONE));
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** That the workers' folders lie in. */
    Path dataFolder() {
        return folder.dataFolder();
    }

    WorkerFolder folder() {
        return folder;
    }

    BuildProcesses processes() {
        return processes;
    }

    boolean isIsolating() {
        return isolation.mode() == Mode.BUBBLEWRAP;
    }

    /** All servers must have been ended; a warden ends what is left. */
    @Override
    public void close() {
        processes.close();
        try {
            folder.close();
        } catch (IOException e) {
            log.warn("The folder {} of the tool servers cannot be removed", folder.path(), e);
        }
    }
}
