package io.tailrace.local.stack;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.process.CachedProgram;
import io.tailrace.local.process.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The services' Boot jars below a checkout. Each is taken apart once: its libraries into a folder that all versions of it
 * share, the rest, with what is a snapshot, into a folder of the version. Starting from such a class path is faster than
 * from the jar, and its libraries can have an AOT cache that outlives a rebuild of ours.
 */
final class ServiceJars {

    private static final String LIBRARIES = "lib";

    private final Path home;

    ServiceJars(Path home) {
        this.home = home;
    }

    /** A service's program, ready to be started. */
    CachedProgram program(ServiceKind kind) throws IOException {
        Path jar = builtJar(kind);
        if (!isBootJar(jar)) {
            return new CachedProgram(mainClass(jar), List.of(), List.of(jar), jar.resolveSibling("thin"));
        }
        Path parts = jar.resolveSibling("thin");
        Path own = parts.resolve(fingerprint(jar));
        if (!Files.exists(own)) {
            takeApart(jar, parts, own);
        }
        Path thin = own.resolve(jar.getFileName());
        List<Path> changing = new ArrayList<>(jarsIn(own.resolve(LIBRARIES)));
        changing.add(thin);
        return new CachedProgram(mainClass(thin), librariesNamedBy(thin, parts), changing, parts);
    }

    /** Those of the thin jar's class path that lie in the common folder. */
    private static List<Path> librariesNamedBy(Path thin, Path parts) throws IOException {
        try (JarFile jar = new JarFile(thin.toFile())) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            String classPath = String.valueOf(attributes.getValue(Attributes.Name.CLASS_PATH));
            return Arrays.stream(classPath.split(" ", -1))
                    .map(entry -> parts.resolve(LIBRARIES).resolve(entry.substring(entry.lastIndexOf('/') + 1)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
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
    private static void takeApart(Path fat, Path parts, Path own) throws IOException {
        Files.createDirectories(parts.resolve(LIBRARIES));
        Path fresh = Files.createTempDirectory(parts, "new-");
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
        if (run(command, output) != 0) {
            throw new StackStartException("Cannot take " + fat + " apart:\n" + Files.readString(output));
        }
        for (Path library : jarsIn(into.resolve(LIBRARIES))) {
            Path common = parts.resolve(LIBRARIES).resolve(library.getFileName());
            if (CachedProgram.isReleased(library) && !Files.exists(common)) {
                Files.move(library, common, StandardCopyOption.ATOMIC_MOVE);
            } else if (Files.exists(common)) {
                Files.delete(library);
            }
        }
        try {
            Files.move(into, own, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException another) {
            if (!Files.isDirectory(own)) {
                throw another;
            }
        }
        Folders.delete(fresh);
    }

    static int run(List<String> command, Path output) throws IOException {
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

    /** Of the checksums in its directory: reproducible jars all have the same date. */
    private static String fingerprint(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            jar.stream()
                    .map(entry -> entry.getName() + " " + entry.getSize() + " " + entry.getCrc() + "\n")
                    .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
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
