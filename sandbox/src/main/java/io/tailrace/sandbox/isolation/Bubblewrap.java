package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.Confinement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Namespaces made by bubblewrap, one set for each build: its own users, processes, host name, inter-process communication and (unless it
 * may use the worker's) network; a file system of the machine's programs, read only, and the build's own folders.
 *
 * <p>Commands enter them with {@code nsenter}. A worker that runs as root enters as a root without any capability; but it stays the owner
 * of root's files, so what of {@code /proc} such an owner could write is read only as well.
 *
 * <p>Sources: {@code bwrap(1)}, {@code nsenter(1)}, {@code setpriv(1)}, {@code user_namespaces(7)}.
 */
final class Bubblewrap implements Confinement {

    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

    /** Of {@code /proc}: settings of the machine, not of a process. */
    private static final List<String> READ_ONLY_PROC =
            List.of("sys", "bus", "fs", "irq", "acpi", "scsi", "driver", "tty", "pressure");

    private static final List<String> HIDDEN_PROC =
            List.of("keys", "key-users", "timer_list", "sysrq-trigger", "mtrr", "kcore", "kmsg");

    private static final String USER_LIMITS = "/proc/sys/user";

    /** Nobody makes a user namespace inside of the build's: in one of its own a process has every capability. */
    private static final String HOLD =
            "echo 0 > " + USER_LIMITS + "/max_user_namespaces || exit 1; echo ready; read -r _";

    private static final long SHARED_MEMORY_BYTES = 1024L * 1024 * 1024;

    private final Tools tools;
    private final IsolationSettings settings;
    private final ResourceLimits limits;
    private final List<Path> system;

    Bubblewrap(Tools tools, IsolationSettings settings, ResourceLimits limits) {
        this.tools = tools;
        this.settings = settings;
        this.limits = limits;
        this.system = Stream.of(
                        SystemFolders.programs(),
                        SystemFolders.settings(),
                        settings.readOnlyPaths(),
                        hasNetwork() ? List.of(Path.of("/etc/resolv.conf")) : List.<Path>of())
                .flatMap(List::stream)
                .toList();
        for (Path folder : settings.privateFolders()) {
            for (Path readable : system) {
                if (folder.startsWith(readable)) {
                    throw new IllegalArgumentException(
                            "The worker keeps its builds in " + folder + ", but every build may read "
                                    + readable
                                    + ": move the former (tailrace.worker.data-dir, tailrace.worker.environments-dir) or "
                                    + "take the latter out of tailrace.worker.isolation.read-only-paths");
                }
            }
        }
    }

    private boolean hasNetwork() {
        return settings.network() == IsolationSettings.Network.HOST;
    }

    private boolean hasNetwork(BuildScope scope) {
        return scope.network() && hasNetwork();
    }

    @Override
    public Optional<List<String>> holder(BuildScope scope) {
        List<String> words = new ArrayList<>(List.of(
                tools.bwrap(),
                "--unshare-user",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--die-with-parent",
                "--new-session",
                "--hostname",
                "build"));
        if (!hasNetwork(scope)) {
            words.add("--unshare-net");
        }
        words.addAll(List.of("--proc", "/proc"));
        existing("/proc", READ_ONLY_PROC).forEach(path -> add(words, "--ro-bind", path, path));
        // Only the holder may write there: builds have no capability.
        words.addAll(List.of("--cap-drop", "ALL", "--cap-add", "CAP_SYS_RESOURCE"));
        add(words, "--bind", USER_LIMITS, USER_LIMITS);
        existing("/proc", HIDDEN_PROC).forEach(path -> add(words, "--ro-bind", "/dev/null", path));
        existing("/dev", DEVICES).forEach(path -> add(words, "--dev-bind", path, path));
        add(words, "--symlink", "/proc/self/fd", "/dev/fd");
        add(words, "--symlink", "/proc/self/fd/0", "/dev/stdin");
        add(words, "--symlink", "/proc/self/fd/1", "/dev/stdout");
        add(words, "--symlink", "/proc/self/fd/2", "/dev/stderr");
        if (tools.sizesMemory()) {
            words.addAll(List.of("--size", Long.toString(SHARED_MEMORY_BYTES)));
        }
        words.addAll(List.of("--tmpfs", "/dev/shm"));
        SystemFolders.links().forEach(link -> add(words, "--symlink", targetOf(link), link.toString()));
        words.addAll(List.of("--dir", "/run", "--dir", "/var", "--symlink", "/tmp", "/var/tmp"));
        add(words, "--bind", scope.temporary().toString(), "/tmp");
        addFolders(words, scope);
        words.addAll(List.of("--remount-ro", "/", "--chdir", "/", "--"));
        words.addAll(List.of(tools.sh(), "-c", HOLD));
        return Optional.of(words);
    }

    /** Outer folders before inner ones, so that none hides another. */
    private void addFolders(List<String> words, BuildScope scope) {
        TreeMap<Path, String> folders =
                new TreeMap<>(Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()));
        system.forEach(path -> folders.put(path, "--ro-bind-try"));
        scope.readOnly().forEach(path -> folders.put(path, "--ro-bind"));
        folders.put(scope.folder(), "--bind");
        scope.writable().forEach(path -> folders.put(path, "--bind"));
        folders.forEach((path, option) -> add(words, option, path.toString(), path.toString()));
    }

    @Override
    public List<String> wrap(List<String> command, BuildScope scope, OptionalLong holder) {
        List<String> words = new ArrayList<>(List.of(
                tools.nsenter(),
                "--target",
                Long.toString(holder.orElseThrow()),
                "--user",
                "--preserve-credentials",
                "--mount",
                "--ipc",
                "--uts",
                "--pid"));
        if (!hasNetwork(scope)) {
            words.add("--net");
        }
        words.addAll(List.of("--", tools.env(), "--chdir=" + scope.folder(), tools.setpriv(), "--no-new-privs"));
        if (tools.isRoot()) {
            words.addAll(List.of("--inh-caps=-all", "--bounding-set=-all"));
        }
        words.add("--");
        words.addAll(limits.command(tools.prlimit(), true));
        words.addAll(command);
        return words;
    }

    @Override
    public boolean sees(Path file, BuildScope scope) {
        return isBelowVisible(file, scope) && isBelowVisible(realPath(file), scope);
    }

    private boolean isBelowVisible(Path file, BuildScope scope) {
        return Stream.of(
                        system,
                        SystemFolders.links(),
                        scope.readOnly(),
                        scope.writable(),
                        List.of(scope.folder(), Path.of("/dev"), Path.of("/proc")))
                .flatMap(List::stream)
                .anyMatch(file::startsWith);
    }

    private static Path realPath(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file; // gone meanwhile: the start says so
        }
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(link + " cannot be read", e);
        }
    }

    private static List<String> existing(String folder, List<String> names) {
        return names.stream()
                .map(name -> folder + "/" + name)
                .filter(path -> Files.exists(Path.of(path)))
                .toList();
    }

    private static void add(List<String> words, String option, String from, String to) {
        words.add(option);
        words.add(from);
        words.add(to);
    }
}
