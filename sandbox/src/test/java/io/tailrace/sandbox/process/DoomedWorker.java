package io.tailrace.sandbox.process;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.testing.Confined;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A worker's process with one build, for tests that kill it. Arguments: the mode, the mark, the folder. */
final class DoomedWorker {

    private DoomedWorker() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[2]);
        BuildProcesses processes = new BuildProcesses(
                new ProcessMark(args[1]),
                folder,
                Confined.isolation(Mode.valueOf(args[0])).confinement(),
                TreeLimits.NONE);
        ProcessTree tree = processes.open(BuildScope.of(folder, Files.createDirectory(folder.resolve(".tmp"))));
        var _ = tree.start(
                List.of("sh", "-c", "(trap '' TERM HUP; setsid sleep 300 &); echo > started; sleep 300"),
                Map.of("PATH", "/usr/bin:/bin"));
        while (true) {
            LockSupport.park();
        }
    }
}
