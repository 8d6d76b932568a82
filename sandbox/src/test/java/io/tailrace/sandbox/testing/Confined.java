package io.tailrace.sandbox.testing;

import io.tailrace.sandbox.folder.FolderRemoval;
import io.tailrace.sandbox.isolation.Isolation;
import io.tailrace.sandbox.isolation.IsolationSettings;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import io.tailrace.sandbox.isolation.ResourceLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The ways of isolating builds that work on this machine, and the real pids of what runs inside. */
public final class Confined {

    public static final ResourceLimits LIMITS =
            new ResourceLimits(Duration.ofMinutes(10), 4L << 30, 8L << 30, 1_024, 2_048);

    private Confined() {}

    /** Both ways; says loudly when the isolated half cannot run here. */
    public static Stream<Mode> modes() {
        if (isIsolating()) {
            return Stream.of(Mode.TRUSTED_ONLY, Mode.BUBBLEWRAP);
        }
        sayNotRun();
        return Stream.of(Mode.TRUSTED_ONLY);
    }

    /** Only the isolated way, where it works. */
    public static boolean isIsolating() {
        return isolation(Mode.AUTO, LIMITS).mode() == Mode.BUBBLEWRAP;
    }

    @SuppressWarnings("SystemOut") // whatever the log's format is
    private static void sayNotRun() {
        System.err.println("NOT RUN: the tests of isolated builds. Bubblewrap does not work here: "
                + isolation(Mode.AUTO, LIMITS).weakness().orElse("?"));
    }

    public static Isolation isolation(Mode mode) {
        return isolation(mode, LIMITS);
    }

    public static Isolation isolation(Mode mode, ResourceLimits limits, Path... readOnly) {
        try {
            Path probe = Files.createTempDirectory("probe");
            try {
                return Isolation.choose(
                        new IsolationSettings(mode, Network.NONE, List.of(readOnly), List.of()), limits, probe);
            } finally {
                FolderRemoval.remove(probe);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pid, as this JVM knows it, of a process of its only build that calls itself this. */
    public static long hostPid(long pidInside) {
        return hostPid(pidInside, OptionalLong.empty());
    }

    /** The same for one of several builds. */
    public static long hostPid(long pidInside, OptionalLong holder) {
        Stream<ProcessHandle> candidates = holder.isPresent()
                ? ProcessHandle.allProcesses()
                : ProcessHandle.current().descendants();
        return candidates
                .map(ProcessHandle::pid)
                .filter(pid -> holder.isEmpty() || namespace(pid).equals(namespace(holder.getAsLong())))
                .filter(pid -> calledInside(pid) == pidInside)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process calls itself " + pidInside));
    }

    private static String namespace(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")).toString();
        } catch (IOException e) {
            return "gone";
        }
    }

    private static long calledInside(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> Arrays.asList(line.split("\\s+")).getLast())
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
