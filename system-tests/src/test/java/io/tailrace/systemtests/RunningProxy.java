package io.tailrace.systemtests;

import io.tailrace.local.process.FreePorts;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A proxy before a gateway, on a free port, with the configuration that the documentation shows. Confined to one thread. */
final class RunningProxy implements AutoCloseable {
    private static final Path DOCUMENTED = TailraceHome.locate().resolve("docs/proxies");
    /** The ports of the documentation: the proxy's own, and the gateway's. */
    private static final String OWN = "8090";

    private static final String GATEWAYS = "8080";

    private final Proxy kind;
    private final Path folder;
    private final int port;
    private final List<String> command;
    private Process process;

    private RunningProxy(Proxy kind, Path folder, int port) throws IOException {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
        this.command = kind.command(folder, port);
        this.process = launch();
    }

    /** Returns when it answers. Its log stays below target/proxies. */
    static RunningProxy start(Proxy kind, URI gateway) throws IOException {
        Path folder = Files.createDirectories(
                        Path.of("target", "proxies", kind.name().toLowerCase(Locale.ROOT)))
                .toAbsolutePath();
        int port = FreePorts.pick(1).getFirst();
        for (String file : kind.files()) {
            Path copy = folder.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.writeString(
                    copy,
                    Files.readString(DOCUMENTED.resolve(file))
                            .replace(OWN, Integer.toString(port))
                            .replace(GATEWAYS, Integer.toString(gateway.getPort())));
        }
        return new RunningProxy(kind, folder, port);
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // Caddy's own place for what it keeps.
        builder.environment().put("HOME", folder.toString());
        Process started = builder.start();
        Awaitility.await(kind + " answers")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !started.isAlive() || answers());
        if (!started.isAlive()) {
            throw new IOException(kind + " ended: " + Files.readString(log()));
        }
        return started;
    }

    private Path log() {
        return folder.resolve("log");
    }

    private boolean answers() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    Gateway gateway() {
        return new Gateway(URI.create("http://127.0.0.1:" + port));
    }

    /** Ends it, with all connections through it, and starts it again. */
    void startAgain() throws IOException {
        close();
        process = launch();
    }

    /** Ends it and the processes that it has started. */
    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.forEach(ProcessHandle::destroyForcibly);
    }
}
