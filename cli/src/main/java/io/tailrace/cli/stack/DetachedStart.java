package io.tailrace.cli.stack;

import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.process.JavaCommand;
import io.tailrace.local.process.Launch;
import io.tailrace.local.stack.StackStatus;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code up --detach}: the same command again in a process of its own, which stays as the supervisor of what it starts.
 * What it says until everything is ready is shown here.
 */
final class DetachedStart {

    /** Little memory and one compiler: it has next to nothing to do. */
    private static final List<String> OPTIONS = List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int EXIT_NOT_KNOWN = 3;

    private final Path data;
    private final Path home;
    private final PrintStream out;

    DetachedStart(Path home, Path data, PrintStream out) {
        this.home = home;
        this.data = data;
        this.out = out;
    }

    /**
     * Returns when the stack is ready, or could not be started; Ctrl-C until then ends what was started.
     *
     * @param arguments of {@code tailrace}, for a process that does not detach itself
     * @return the exit code
     */
    int run(String mainClass, List<String> arguments) throws IOException {
        Path log = StackStatus.supervisorLog(data);
        LogTail said = new LogTail(log);
        said.last(0);
        ChildProcess supervisor = launch(mainClass, arguments, log);
        Thread atEnd = Thread.ofPlatform().unstarted(() -> supervisor.stop(PATIENCE));
        Runtime.getRuntime().addShutdownHook(atEnd);
        while (!isInCharge(supervisor)) {
            said.more().forEach(out::println);
            if (supervisor.awaitEnd(LOOK_AGAIN)) {
                said.more().forEach(out::println);
                return supervisor.exitCode().orElse(EXIT_NOT_KNOWN);
            }
        }
        Runtime.getRuntime().removeShutdownHook(atEnd);
        said.more().forEach(out::println);
        return 0;
    }

    private boolean isInCharge(ChildProcess supervisor) throws IOException {
        return StackStatus.supervisor(data).equals(Optional.of(supervisor.pid()));
    }

    private ChildProcess launch(String mainClass, List<String> arguments, Path log) throws IOException {
        List<String> jvm = new ArrayList<>(JavaCommand.OPTIONS);
        jvm.addAll(OPTIONS);
        jvm.add("-Dtailrace.home=" + home);
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        return new Launch(
                        JavaCommand.of(jvm, classPath, mainClass, arguments),
                        System.getenv(), // of which its own children get what they need
                        Path.of("").toAbsolutePath(),
                        log,
                        log.resolveSibling("started.pid"),
                        false)
                .start();
    }
}
