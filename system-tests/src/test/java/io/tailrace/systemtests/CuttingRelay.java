package io.tailrace.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a gateway, as TCP, and cuts connections at random bytes of the answer: in turn with an
 * orderly end of the connection (never of the chunked body) and with a reset. The places follow from a seed. Thread-safe.
 */
final class CuttingRelay implements AutoCloseable {
    /** A comment line of a stream; JSON has no raw line breaks, so it is nothing else. */
    private static final String HEARTBEAT = "\n:";

    private final ServerSocket listener;
    private final URI target;
    private final Random random;
    private final int cutsAtMost;
    private final int furthestByte;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger heartbeats = new AtomicInteger();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    /** One that cuts when it is told to. */
    static CuttingRelay onDemand(URI target) throws IOException {
        return new CuttingRelay(target, 0, 0, 1);
    }

    /**
     * @param cutsAtMost how many connections are cut; those after them last
     * @param furthestByte a connection is cut before so many bytes of its answers
     */
    CuttingRelay(URI target, long seed, int cutsAtMost, int furthestByte) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.cutsAtMost = cutsAtMost;
        this.furthestByte = furthestByte;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort()).resolve(path);
    }

    int connections() {
        return connections.get();
    }

    int cuts() {
        return cuts.get();
    }

    /** How many have gone through. */
    int heartbeats() {
        return heartbeats.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Optional<Socket> reached = reach();
                if (reached.isEmpty()) {
                    client.close();
                    continue;
                }
                Socket server = reached.get();
                open.add(client);
                open.add(server);
                int number = connections.incrementAndGet();
                int cutAt = number <= cutsAtMost ? 1 + random.nextInt(furthestByte) : Integer.MAX_VALUE;
                Thread.ofVirtual().start(() -> toServer(client, server));
                Thread.ofVirtual().start(() -> toClient(server, client, cutAt, number % 2 == 0));
            }
        } catch (IOException _) {
            // The relay was closed.
        }
    }

    /** Nothing if the gateway takes no connection now: then its client gets none either. */
    private Optional<Socket> reach() {
        try {
            return Optional.of(new Socket(target.getHost(), target.getPort()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void toServer(Socket client, Socket server) {
        try (client;
                server) {
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException _) {
            // One side is gone; so is the other now.
        }
    }

    private void toClient(Socket server, Socket client, int cutAt, boolean reset) {
        try (server;
                client) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[8192];
            int passed = 0;
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                int allowed = Math.min(count, cutAt - passed);
                out.write(bytes, 0, allowed);
                out.flush();
                count(new String(bytes, 0, allowed, StandardCharsets.ISO_8859_1));
                passed += allowed;
                if (passed == cutAt) {
                    if (reset) {
                        client.setSoLinger(true, 0);
                    }
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException _) {
            // One side is gone; so is the other now.
        }
    }

    private void count(String text) {
        for (int at = text.indexOf(HEARTBEAT); at >= 0; at = text.indexOf(HEARTBEAT, at + 1)) {
            heartbeats.incrementAndGet();
        }
    }

    /** Ends all connections that there are. */
    void cutNow() throws IOException {
        for (@Nullable Socket socket = open.poll(); socket != null; socket = open.poll()) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutNow();
    }
}
