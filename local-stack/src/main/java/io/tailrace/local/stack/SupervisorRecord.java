package io.tailrace.local.stack;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.folder.WholeFiles;
import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.process.ProcessIdentity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Which process starts again what dies of a stack, with what options, and what it had to do. Who is named here is
 * responsible, and nobody else: a supervisor that finds another name leaves everything alone. Changed only by a holder of
 * the folder's lock, except for the restarts.
 */
record SupervisorRecord(Path folder) {

    /** In the eyes of one process. */
    enum Responsible {
        THIS_PROCESS,
        ANOTHER,
        /** Never was any, or the data folder is gone. */
        NOBODY
    }

    private Path pidFile() {
        return folder.resolve("pid");
    }

    private Path options() {
        return folder.resolve("options");
    }

    private Path restarts() {
        return folder.resolve("restarts");
    }

    /** What a detached supervisor says. */
    Path log() {
        return folder.resolve("log");
    }

    /** This process is responsible from now on. */
    void take(String optionsText) throws IOException {
        Folders.createdOwnerOnly(folder);
        Files.writeString(options(), optionsText);
        Files.deleteIfExists(restarts());
        ProcessIdentity.current().write(pidFile());
    }

    /** Nobody is responsible from now on; the one who was until now does nothing any more, and is returned. */
    Optional<ChildProcess> relieve() throws IOException {
        Optional<ChildProcess> before = ChildProcess.attach(pidFile());
        if (Files.exists(pidFile())) {
            ProcessIdentity.NOBODY.write(pidFile());
        }
        return before.filter(process -> process.pid() != ProcessHandle.current().pid());
    }

    /** After the end of the stack. */
    void clear() throws IOException {
        Files.deleteIfExists(restarts());
        Files.deleteIfExists(pidFile());
    }

    Responsible responsible() throws IOException {
        Optional<ProcessIdentity> named = ProcessIdentity.read(pidFile());
        if (named.isEmpty() && !Files.exists(pidFile())) {
            return Responsible.NOBODY;
        }
        return named.filter(ProcessIdentity.current()::equals).isPresent()
                ? Responsible.THIS_PROCESS
                : Responsible.ANOTHER;
    }

    /** Whether there is, or was, one that did not end in order. */
    boolean exists() {
        return Files.exists(pidFile());
    }

    /** The supervisor, if it runs. */
    Optional<ChildProcess> running() throws IOException {
        return ChildProcess.attach(pidFile());
    }

    /** The options of the stack under the present or the last supervisor. */
    Optional<String> optionsText() throws IOException {
        return Files.exists(options()) ? Optional.of(Files.readString(options())) : Optional.empty();
    }

    void write(Map<String, Restarts> all) throws IOException {
        Properties properties = new Properties();
        all.forEach((name, restarts) -> {
            properties.setProperty(name + ".count", Integer.toString(restarts.count()));
            restarts.exitCode().ifPresent(code -> properties.setProperty(name + ".exit-code", code.toString()));
            properties.setProperty(name + ".ended-at", restarts.endedAt().toString());
            restarts.nextStart().ifPresent(at -> properties.setProperty(name + ".next-start", at.toString()));
        });
        WholeFiles.write(restarts(), properties, "Written by the supervisor; read by status");
    }

    /** By name; without those that never ended. */
    Map<String, Restarts> read() throws IOException {
        Map<String, Restarts> all = new TreeMap<>();
        if (!Files.exists(restarts())) {
            return all;
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(restarts())) {
            properties.load(in);
        }
        for (String key : properties.stringPropertyNames()) {
            if (key.endsWith(".count")) {
                String name = key.substring(0, key.length() - ".count".length());
                all.put(
                        name,
                        new Restarts(
                                Integer.parseInt(properties.getProperty(key)),
                                Optional.ofNullable(properties.getProperty(name + ".exit-code"))
                                        .map(Integer::valueOf),
                                Instant.parse(properties.getProperty(name + ".ended-at")),
                                Optional.ofNullable(properties.getProperty(name + ".next-start"))
                                        .map(Instant::parse)));
            }
        }
        return all;
    }
}
