package io.tailrace.service.life;

import java.net.InetAddress;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Says once on standard output that the process can be used, and where: {@code READY name http://host:port}, or {@code https}, when it
 * listens and {@link #ready} was called, whichever comes last. Thread-safe.
 */
public final class ReadyLine implements ApplicationListener<WebServerInitializedEvent> {
    private final String service;
    private final String scheme;
    private final String host;
    private final Consumer<String> out;
    private OptionalInt port = OptionalInt.empty();
    private boolean ready;
    private boolean said;

    /**
     * Has not said anything.
     *
     * @param service what the process calls itself
     * @param scheme of the addresses that it answers at
     * @param address where it listens; every address if null
     * @param out where the line goes
     */
    public ReadyLine(String service, String scheme, @Nullable InetAddress address, Consumer<String> out) {
        this.service = service;
        this.scheme = scheme;
        this.host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        this.out = out;
    }

    /** A port of its own for the management endpoints is another server, and not where the service is. */
    @Override
    public synchronized void onApplicationEvent(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            port = OptionalInt.of(event.getWebServer().getPort());
            sayOnce();
        }
    }

    /** The service can do its work. Calls after the first change nothing. */
    public synchronized void ready() {
        ready = true;
        sayOnce();
    }

    private void sayOnce() {
        if (ready && port.isPresent() && !said) {
            said = true;
            out.accept("READY " + service + " " + scheme + "://" + host + ":" + port.getAsInt());
        }
    }
}
