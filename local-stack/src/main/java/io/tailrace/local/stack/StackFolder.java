package io.tailrace.local.stack;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.folder.WholeFiles;
import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.security.StackSecurity;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The data folder of a stack: where everything lies, and which processes were started last. Other accounts can read none of
 * what the processes write; of a folder that was there before the stack they may see its names.
 */
record StackFolder(Path path) {

    private static final String BROKER = "broker-";
    private static final String MEMBER = "member.";
    private static final String BOOTSTRAP_SERVERS = "bootstrap-servers";

    /** No file of ours is being written for so long. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

    Path kafka() {
        return path.resolve("kafka");
    }

    /** Of a stack whose Kafka asks who its clients are. */
    StackSecurity security() {
        return new StackSecurity(securityFolder(), Clock.systemUTC());
    }

    private Path securityFolder() {
        return path.resolve("security");
    }

    /** There as soon as the brokers of this folder let nobody in who does not log in. */
    private Path securedMark() {
        return kafka().resolve("secured");
    }

    boolean isSecured() {
        return Files.exists(securedMark());
    }

    void markSecured() throws IOException {
        Folders.createdFor(securedMark());
        Files.writeString(securedMark(), "The brokers of this folder let nobody in who does not log in.\n");
    }

    void unmarkSecured() throws IOException {
        boolean _ = Files.deleteIfExists(securedMark());
    }

    boolean hasBrokers() {
        return Files.exists(kafka().resolve(BROKER + "1"));
    }

    SupervisorRecord supervisor() {
        return new SupervisorRecord(path.resolve("supervisor"));
    }

    private Path services() {
        return path.resolve("services");
    }

    /** What the build-workers keep together. */
    Path environments() {
        return path.resolve("environments");
    }

    Path member(String name) {
        return (name.startsWith(BROKER) ? kafka() : services()).resolve(name);
    }

    Path pidFile(String name) {
        return member(name).resolve(name.startsWith(BROKER) ? "broker.pid" : "pid");
    }

    Path log(String name) {
        return member(name).resolve(name.startsWith(BROKER) ? "broker.log" : "log");
    }

    /** The processes of this folder that run now, by name, whoever started them. */
    NavigableMap<String, ChildProcess> running() throws IOException {
        NavigableMap<String, ChildProcess> running = new TreeMap<>(MemberNames.ORDER);
        for (String name : folders()) {
            ChildProcess.attach(pidFile(name)).ifPresent(process -> running.put(name, process));
        }
        return running;
    }

    private List<String> folders() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path parent : List.of(kafka(), services())) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> children = Files.list(parent)) {
                    children.map(child -> child.getFileName().toString()).forEach(names::add);
                }
            }
        }
        return names;
    }

    /** Takes from other accounts what a release that did not care left them. For whoever holds the lock. */
    void restrict() throws IOException {
        for (Path part : List.of(kafka(), services(), supervisor().folder())) {
            if (Files.exists(part)) {
                Folders.ownerOnly(part);
            }
        }
    }

    /** Removes what commands and supervisors that were killed left half written. For whoever holds the lock. */
    void sweep() throws IOException {
        Instant before = Clock.systemUTC().instant().minus(LEFT_BEHIND);
        WholeFiles.sweep(path, before);
        WholeFiles.sweep(supervisor().folder(), before);
        for (String name : folders()) {
            WholeFiles.sweep(member(name), before);
        }
        security().sweep(before);
    }

    /** Held while a command changes what runs on this folder, not while it runs. */
    FileLock lock() throws IOException {
        return tryLock()
                .orElseThrow(
                        () -> new StackStartException("Another tailrace command is starting or stopping the stack in "
                                + path + ". Wait for it, or use another folder with --data"));
    }

    /** Like {@link #lock}, and waits for one who has it for a moment, as a supervisor does. */
    FileLock lock(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<FileLock> lock = tryLock();
        while (lock.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Readiness.POLL.toNanos());
            lock = tryLock();
        }
        return lock.isPresent() ? lock.get() : lock();
    }

    /** Empty when somebody else has it. */
    Optional<FileLock> tryLock() throws IOException {
        Folders.createdOwnerOnly(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<FileLock> lock;
        try {
            lock = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException heldByThisJvm) {
            lock = Optional.empty();
        }
        if (lock.isEmpty()) {
            channel.close();
        }
        return lock;
    }

    void write(StackRecord stack) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(BOOTSTRAP_SERVERS, stack.bootstrapServers());
        stack.ports().forEach((name, port) -> properties.setProperty(MEMBER + name, port.toString()));
        WholeFiles.write(record(), properties, "Written by tailrace up; read by down, status and the client commands");
    }

    /** What the last start wrote; empty when there was none. */
    Optional<StackRecord> read() throws IOException {
        if (!Files.exists(record())) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(record())) {
            properties.load(in);
        }
        Map<String, Integer> ports = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(MEMBER)) {
                ports.put(key.substring(MEMBER.length()), Integer.valueOf(properties.getProperty(key)));
            }
        }
        return Optional.of(new StackRecord(properties.getProperty(BOOTSTRAP_SERVERS, ""), ports));
    }

    private Path record() {
        return path.resolve("stack.properties");
    }
}
