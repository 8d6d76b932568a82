package io.tailrace.local.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Command lines for the JVM that this process runs on. */
public final class JavaCommand {

    /**
     * For every JVM of ours. Several start at once on few processors: what they run for some seconds only is not worth
     * the second compiler's time, so that it begins later than usual.
     */
    public static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=100000",
            "-XX:Tier4BackEdgeThreshold=400000",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Besides these, for a JVM that lives for a minute: its code is compiled once. */
    public static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

    private JavaCommand() {}

    public static Path program() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    public static List<String> of(
            List<String> jvmOptions, List<Path> classPath, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
