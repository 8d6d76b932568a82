package io.tailrace.local.stack;

import io.tailrace.local.process.JavaCommand;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The services' Boot jars below a checkout. A Boot jar is taken apart once (a thin jar beside its libraries starts faster, and
 * only such a class path can have an AOT cache); that is done again for another jar.
 */
final class ServiceJars {

    private final Path home;

    ServiceJars(Path home) {
        this.home = home;
    }

    /** The thin jar of a service, ready to be started; its main class stands in its manifest. */
    Path thinJar(ServiceKind kind) throws IOException {
        Path fat = builtJar(kind);
        if (!isBootJar(fat)) {
            return fat;
        }
        String version = Files.getLastModifiedTime(fat).toMillis() + "-" + Files.size(fat);
        Path folder = fat.resolveSibling("thin").resolve(version);
        Path thin = folder.resolve(fat.getFileName());
        if (!Files.exists(thin)) {
            takeApart(fat, folder);
        }
        return thin;
    }

    private Path builtJar(ServiceKind kind) throws IOException {
        Path target = home.resolve(kind.module()).resolve("target");
        Optional<Path> newest = Optional.empty();
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                newest = files.filter(file -> isJarOf(file, kind)).max(Comparator.comparing(ServiceJars::modified));
            }
        }
        return newest.orElseThrow(() -> new StackStartException(
                "The jar of " + kind.module() + " is not there (" + target + "). Build it: mvn -DskipTests package"));
    }

    private static boolean isJarOf(Path file, ServiceKind kind) {
        String name = file.getFileName().toString();
        return name.startsWith(kind.module() + "-")
                && name.endsWith(".jar")
                && !name.endsWith("-sources.jar")
                && !name.endsWith("-tests.jar");
    }

    private static FileTime modified(Path file) {
        return FileTime.from(file.toFile().lastModified(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    /** Into a folder of its own first, so that two that do it at once do not disturb each other. */
    private static void takeApart(Path fat, Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        Path fresh = Files.createTempDirectory(folder.getParent(), "new-");
        Path into = fresh.resolve("thin");
        Path output = fresh.resolve("output");
        List<String> command = List.of(
                JavaCommand.program().toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djarmode=tools",
                "-jar",
                fat.toString(),
                "extract",
                "--destination",
                into.toString());
        int status = run(command, output);
        if (status != 0) {
            throw new StackStartException("Cannot take " + fat + " apart:\n" + Files.readString(output));
        }
        try {
            Files.move(into, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException another) {
            if (!Files.isDirectory(folder)) {
                throw another;
            }
        }
        Folders.delete(fresh);
    }

    private static int run(List<String> command, Path output) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackStartException("interrupted while taking a jar apart", interrupted);
        }
    }

    private static boolean isBootJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getEntry("BOOT-INF/") != null;
        }
    }

    static String mainClass(Path thinJar) throws IOException {
        try (JarFile jar = new JarFile(thinJar.toFile())) {
            Manifest manifest = jar.getManifest();
            String main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw new StackStartException("The jar " + thinJar + " names no main class");
            }
            return main;
        }
    }
}
