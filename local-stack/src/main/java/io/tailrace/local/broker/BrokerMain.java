package io.tailrace.local.broker;

import io.tailrace.local.process.ParentWatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.tools.StorageTool;

/**
 * The broker's own process. Arguments: its folder, and optionally {@value #EXIT_WITH_PARENT}, {@value #USERS} with a file
 * of who can log in when the cluster begins, {@value #WATCHED} with a certificate that may be replaced. The folder is
 * formatted on first use. A file {@value #READY} appears in it when the broker serves clients.
 */
public final class BrokerMain {

    static final String EXIT_WITH_PARENT = "--exit-with-parent";
    static final String USERS = "--users";
    static final String WATCHED = "--watched";
    static final String CONFIGURATION = "server.properties";
    static final String CLUSTER_ID = "cluster.id";
    static final String READY = "ready";
    static final String LOCK = "lock";
    static final int EXIT_FOLDER_IN_USE = 3;

    private BrokerMain() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        if (Arrays.asList(args).contains(EXIT_WITH_PARENT)) {
            ParentWatch.start();
        }
        Optional<FileLock> lock = lock(folder);
        if (lock.isEmpty()) {
            System.err.println("The data folder " + folder + " is in use by another broker");
            Runtime.getRuntime().halt(EXIT_FOLDER_IN_USE);
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve(CONFIGURATION))) {
            properties.load(in);
        }
        boolean fresh = format(folder, Path.of(properties.getProperty("log.dirs")), option(args, USERS));
        CombinedServer server = new CombinedServer(new KafkaConfig(properties));
        Optional<Path> watched = option(args, WATCHED);
        Optional<FileWatch> watch = watched.isPresent()
                ? Optional.of(new FileWatch(watched.get(), server::reloadCertificates))
                : Optional.empty();
        serve(folder, server, fresh, watch);
    }

    private static Optional<Path> option(String[] args, String name) {
        int at = Arrays.asList(args).indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(Path.of(args[at + 1]));
    }

    private static void serve(Path folder, CombinedServer server, boolean fresh, Optional<FileWatch> watch)
            throws IOException {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::shutdown));
        server.startup(fresh);
        watch.ifPresent(FileWatch::start);
        Files.writeString(
                folder.resolve(READY), Long.toString(ProcessHandle.current().pid()));
        server.awaitShutdown();
    }

    /** Held until the process ends; the kernel gives it back after a kill -9 too. */
    private static Optional<FileLock> lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return Optional.ofNullable(channel.tryLock());
    }

    /** Answers whether it had to be formatted. */
    private static boolean format(Path folder, Path logDir, Optional<Path> users) throws IOException {
        if (Files.exists(logDir.resolve("meta.properties"))) {
            return false;
        }
        String clusterId = Files.readString(folder.resolve(CLUSTER_ID)).trim();
        List<String> command = new ArrayList<>(List.of(
                "format",
                "--ignore-formatted",
                "-t",
                clusterId,
                "-c",
                folder.resolve(CONFIGURATION).toString()));
        if (users.isPresent()) {
            for (String user : Files.readAllLines(users.get())) {
                command.add("--add-scram");
                command.add(user);
            }
        }
        int status = StorageTool.execute(command.toArray(String[]::new), System.out);
        if (status != 0) {
            throw new IOException("cannot format " + logDir + ": the storage tool ended with " + status);
        }
        return true;
    }
}
