package io.tailrace.turn.provider.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server, as TCP: sees requests come, and connections close. */
public final class Relay implements AutoCloseable {

    private final ServerSocket listener;
    private final URI target;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch requestSeen = new CountDownLatch(1);

    /** When the client closed a connection, in nanoseconds. */
    private final BlockingQueue<Long> closed = new LinkedBlockingQueue<>();

    private final BlockingQueue<Socket> open = new LinkedBlockingQueue<>();

    public Relay(URI target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    public int connections() {
        return connections.get();
    }

    public int requests() {
        return requests.get();
    }

    /** Waits until bytes of a request have gone through. */
    public boolean awaitRequest(Duration limit) throws InterruptedException {
        return requestSeen.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until the client has closed a connection; when that was. */
    public Optional<Long> awaitClosedByClient(Duration limit) throws InterruptedException {
        return Optional.ofNullable(closed.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> toServer(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            }
        } catch (IOException _) {
            // The relay was closed.
        }
    }

    private void toServer(Socket client, Socket server) {
        pump(client, server);
        closed.add(System.nanoTime());
    }

    private void pump(Socket from, Socket to) {
        boolean request = from.getLocalPort() == listener.getLocalPort();
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            int count = in.read(bytes);
            while (count >= 0) {
                out.write(bytes, 0, count);
                out.flush();
                if (request && new String(bytes, 0, count, StandardCharsets.ISO_8859_1).startsWith("POST ")) {
                    requests.incrementAndGet();
                    requestSeen.countDown();
                }
                count = in.read(bytes);
            }
        } catch (IOException _) {
            // One side is gone; so is the other now.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
