package io.tailrace.local.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Packages of npm that tests use, in the versions of a lock file. */
public final class NodePackages {
    private static final long INSTALL_SECONDS = 120;
    private static final Pattern VERSION = Pattern.compile("v([0-9]{1,4})\\.([0-9]{1,4})");

    private NodePackages() {}

    /** Whether there is Node 20.15 or newer, and npm. */
    public static boolean canBeInstalled() throws IOException {
        if (Programs.find("npm").isEmpty() || Programs.find("node").isEmpty()) {
            return false;
        }
        Process node = new ProcessBuilder("node", "--version").start();
        Matcher version = VERSION.matcher(
                Optional.ofNullable(node.inputReader(StandardCharsets.UTF_8).readLine())
                        .orElse(""));
        if (!version.lookingAt()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 20 || (major == 20 && Integer.parseInt(version.group(2)) >= 15);
    }

    /**
     * Copies the files of a folder with a package-lock.json, and installs beside the copies what it names, unless it is
     * there.
     *
     * @return {@code installed}
     */
    public static Path install(Path source, Path installed) throws IOException, InterruptedException {
        Files.createDirectories(installed);
        Path lock = installed.resolve("package-lock.json");
        boolean current = Files.exists(installed.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, source.resolve("package-lock.json")) < 0;
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, installed.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!current) {
            run(List.of("npm", "ci", "--ignore-scripts"), installed);
        }
        return installed;
    }

    private static void run(List<String> command, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("install.log");
        Process npm = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
            npm.destroyForcibly();
            throw new IOException(command + " took more than " + INSTALL_SECONDS + " s: " + Files.readString(log));
        }
        if (npm.exitValue() != 0) {
            throw new IOException(command + " failed: " + Files.readString(log));
        }
    }
}
