package io.tailrace.local.broker;

import io.tailrace.local.process.ParentWatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * The broker's own process. Arguments: its folder, and optionally {@value #EXIT_WITH_PARENT}. The folder is formatted on
 * first use. A file {@value #READY} appears in it when the broker serves clients.
 */
public final class BrokerMain {

    static final String EXIT_WITH_PARENT = "--exit-with-parent";
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
        format(folder, Path.of(properties.getProperty("log.dirs")));
        serve(folder, new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM));
    }

    private static void serve(Path folder, KafkaRaftServer server) throws IOException {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::shutdown));
        server.startup();
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

    private static void format(Path folder, Path logDir) throws IOException {
        if (Files.exists(logDir.resolve("meta.properties"))) {
            return;
        }
        String clusterId = Files.readString(folder.resolve(CLUSTER_ID)).trim();
        String[] command = {
            "format",
            "--ignore-formatted",
            "-t",
            clusterId,
            "-c",
            folder.resolve(CONFIGURATION).toString()
        };
        int status = StorageTool.execute(command, System.out);
        if (status != 0) {
            throw new IOException("cannot format " + logDir + ": the storage tool ended with " + status);
        }
    }
}
