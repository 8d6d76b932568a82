package io.tailrace.sandbox.isolation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The machine's programs that isolation is made with, by their full paths. All lie in the system's folders, whatever the PATH is. */
record Tools(
        String bwrap,
        String nsenter,
        String setpriv,
        String prlimit,
        String env,
        String sh,
        boolean isRoot,
        boolean sizesMemory) {

    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    /** @throws Missing when one of them is not installed */
    static Tools find() throws Missing {
        List<String> missing = new ArrayList<>();
        Tools tools = new Tools(
                find("bwrap", missing),
                find("nsenter", missing),
                find("setpriv", missing),
                find("prlimit", missing),
                find("env", missing),
                find("sh", missing),
                isWorkerRoot(),
                knowsSize());
        if (!missing.isEmpty()) {
            throw new Missing(String.join(", ", missing)
                    + " not found in /usr/bin (Debian packages: bubblewrap, util-linux, coreutils)");
        }
        return tools;
    }

    /** Whether bubblewrap can bound a file system in memory, as it can since 0.7. */
    private static boolean knowsSize() {
        Optional<String> bwrap = find("bwrap");
        if (bwrap.isEmpty()) {
            return false;
        }
        try {
            Process help = new ProcessBuilder(bwrap.get(), "--help")
                    .redirectErrorStream(true)
                    .start();
            return help.inputReader(StandardCharsets.UTF_8).readAllAsString().contains("--size");
        } catch (IOException e) {
            return false;
        }
    }

    static Optional<String> find(String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String find(String name, List<String> missing) {
        Optional<String> found = find(name);
        if (found.isEmpty()) {
            missing.add(name);
        }
        return found.orElse(name);
    }

    static boolean isWorkerRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    /** A program is not installed. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message);
        }
    }
}
