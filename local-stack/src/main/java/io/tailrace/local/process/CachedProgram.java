package io.tailrace.local.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * A Java program of ours. Its class path begins with what stays the same over rebuilds of ours; for that part there may
 * be an AOT cache (JEP 483 and 515), which halves the processor time of a start. The JVM does without one that is
 * missing or does not fit.
 *
 * @param libraries jars of others
 * @param own what changes with every build
 * @param folder where its parts lie
 */
public record CachedProgram(String mainClass, List<Path> libraries, List<Path> own, Path folder) {

    public CachedProgram {
        libraries = List.copyOf(libraries);
        own = List.copyOf(own);
    }

    /**
     * The parts of a class path: jars that are released, in an order of their own, and the rest, in its order.
     *
     * @param folder where a cache may lie
     */
    public static CachedProgram of(String mainClass, List<Path> classPath, Path folder) {
        Map<Boolean, List<Path>> parts =
                classPath.stream().collect(Collectors.partitioningBy(CachedProgram::isReleased));
        return new CachedProgram(
                mainClass,
                parts.getOrDefault(true, List.of()).stream().sorted().toList(),
                parts.getOrDefault(false, List.of()),
                folder);
    }

    /** Whether a jar of this name never changes. */
    public static boolean isReleased(Path jar) {
        String name = jar.getFileName() == null ? "" : jar.getFileName().toString();
        return name.endsWith(".jar") && !name.contains("-SNAPSHOT");
    }

    /** The usual command line. */
    public List<String> command(List<String> jvmOptions, boolean attached, List<String> arguments) throws IOException {
        List<String> jvm = new ArrayList<>(jvmOptions);
        if (Files.exists(cache())) {
            jvm.add("-XX:AOTCache=" + cache());
            jvm.add("-Xlog:aot*=off");
        }
        List<Path> classPath = new ArrayList<>(lasting());
        classPath.addAll(own);
        if (!attached) {
            return JavaCommand.of(jvm, classPath, mainClass, arguments);
        }
        List<String> attachedArguments = new ArrayList<>(List.of(mainClass));
        attachedArguments.addAll(arguments);
        return JavaCommand.of(jvm, classPath, AttachedMain.class.getName(), attachedArguments);
    }

    /** A command line whose process writes, when it ends, what a cache needs to know. */
    public List<String> recordingCommand(List<String> jvmOptions, Path recording, List<String> arguments)
            throws IOException {
        List<String> jvm = new ArrayList<>(jvmOptions);
        jvm.add("-XX:AOTMode=record");
        jvm.add("-XX:AOTConfiguration=" + recording);
        String loaded = own.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> isolatedArguments = new ArrayList<>(List.of(loaded, mainClass));
        isolatedArguments.addAll(arguments);
        return JavaCommand.of(jvm, lasting(), IsolatedMain.class.getName(), isolatedArguments);
    }

    /** The command line that makes a cache of a recording. */
    public List<String> cacheCommand(List<String> jvmOptions, Path recording, Path cache) throws IOException {
        List<String> jvm = new ArrayList<>(jvmOptions);
        jvm.add("-XX:AOTMode=create");
        jvm.add("-XX:AOTConfiguration=" + recording);
        jvm.add("-XX:AOTCache=" + cache);
        return JavaCommand.of(jvm, lasting(), IsolatedMain.class.getName(), List.of());
    }

    private List<Path> lasting() throws IOException {
        List<Path> lasting = new ArrayList<>();
        lasting.add(StarterJar.in(folder));
        lasting.addAll(libraries);
        return lasting;
    }

    /** Whether a cache would be of use: a program that was not taken apart has nothing to keep. */
    public boolean canHaveCache() {
        return !libraries.isEmpty();
    }

    /** Where the cache for these libraries and this JDK is, or would be. */
    public Path cache() throws IOException {
        CRC32 checksum = new CRC32();
        StringBuilder identity = new StringBuilder(Runtime.version().toString());
        for (Path jar : lasting()) {
            identity.append('\n').append(jar.getFileName()).append(' ').append(Files.size(jar));
        }
        checksum.update(identity.toString().getBytes(StandardCharsets.UTF_8));
        return folder.resolve("cache-" + HexFormat.of().toHexDigits((int) checksum.getValue()) + ".aot");
    }
}
