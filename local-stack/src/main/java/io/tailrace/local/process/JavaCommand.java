package io.tailrace.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for the JVM that this process runs on. */
public final class JavaCommand {

    private JavaCommand() {}

    public static Path program() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    public static List<String> ofClass(
            List<String> jvmOptions, String classPath, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    public static List<String> ofJar(List<String> jvmOptions, Path jar) {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }
}
