package io.tailrace.local.broker;

import io.tailrace.local.folder.Folders;
import io.tailrace.local.folder.WholeFiles;
import io.tailrace.local.process.LastWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The folder of one broker: what is kept for the next start, and what tells how this one goes. */
record BrokerFolder(Path path) {

    Path pidFile() {
        return path.resolve("broker.pid");
    }

    Path log() {
        return path.resolve("broker.log");
    }

    Path output() {
        return path.resolve("broker.out");
    }

    Path logSettings() {
        return path.resolve("logback.xml");
    }

    /** Where it unpacks native libraries. */
    Path temporary() {
        return path.resolve("tmp");
    }

    Path logDir() {
        return path.resolve("log");
    }

    /** Refuses a folder that a running broker holds, before anything in it is touched. */
    void requireUnused() throws IOException {
        Folders.createdOwnerOnly(path);
        try (FileChannel channel = FileChannel.open(
                        path.resolve(BrokerMain.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw BrokerStartException.folderInUse(path);
            }
        }
    }

    void prepare(String clusterId, Map<String, String> configuration) throws IOException {
        Files.deleteIfExists(path.resolve(BrokerMain.READY));
        // A broker that was killed has left what it unpacked.
        Folders.emptied(temporary());
        Path id = path.resolve(BrokerMain.CLUSTER_ID);
        if (!Files.exists(id)) {
            Files.writeString(id, clusterId + "\n");
        }
        try (InputStream settings = BrokerFolder.class.getResourceAsStream("logback-broker.xml")) {
            Files.copy(
                    Objects.requireNonNull(settings, "logback-broker.xml is missing"),
                    logSettings(),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Properties properties = new Properties();
        properties.putAll(configuration);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        WholeFiles.write(path.resolve(BrokerMain.CONFIGURATION), text.toString());
    }

    /**
     * The node as its last start had it.
     *
     * @throws BrokerStartException when the configuration does not say
     */
    BrokerNode node() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(path.resolve(BrokerMain.CONFIGURATION))) {
            properties.load(in);
        }
        return BrokerProperties.node(properties)
                .orElseThrow(() -> new BrokerStartException(
                        path.resolve(BrokerMain.CONFIGURATION) + " does not say where the broker listens"));
    }

    boolean isReady(long pid) throws IOException {
        Path ready = path.resolve(BrokerMain.READY);
        return Files.exists(ready) && Files.readString(ready).equals(Long.toString(pid));
    }

    /** The last lines that the broker said, for a message to a person. */
    String lastWords() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Path file : List.of(output(), log())) {
            words.append(LastWords.of(file, 15));
        }
        return words.toString();
    }
}
