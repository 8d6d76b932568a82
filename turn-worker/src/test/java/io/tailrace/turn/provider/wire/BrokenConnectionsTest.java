package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.ProviderFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong on the way to a provider: the failure is in words, and names nothing of Java's. */
class BrokenConnectionsTest {
    private static final Pattern INSIDES = Pattern.compile(
            "\\b[a-z]+(\\.[a-z0-9]+)+\\.[A-Z]|[A-Za-z]+(Exception|Error)\\b|\\bnull\\b|\\bat [a-z]+\\.[a-z]");

    private static final String BEGUN = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    /** What the server does with a connection: sends these bytes, and ends it in order, or by a reset. */
    record Fault(String name, String scheme, String bytes, boolean reset) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> faults() {
        Stream<Fault> faults = Stream.of(
                new Fault("closed at once", "http", "", false),
                new Fault("reset at once", "http", "", true),
                new Fault("no HTTP", "http", "SSH-2.0-OpenSSH_9.2\r\n", false),
                new Fault("a status that is none", "http", "HTTP/1.1 abc OK\r\n\r\n", false),
                new Fault("cut off in the head", "http", "HTTP/1.1 200 OK\r\nContent-Ty", false),
                new Fault("reset in the head", "http", "HTTP/1.1 200 OK\r\nContent-Ty", true),
                new Fault("a header that is none", "http", "HTTP/1.1 200 OK\r\n\u0000: x\r\n\r\n", false),
                new Fault("a length that is none", "http", BEGUN + "Content-Length: x\r\n\r\n", false),
                new Fault("cut off in the body", "http", BEGUN + "Content-Length: 99\r\n\r\ndata: ", false),
                new Fault("reset in the body", "http", BEGUN + "Content-Length: 99\r\n\r\ndata: ", true),
                new Fault("cut off in a chunk", "http", BEGUN + "Transfer-Encoding: chunked\r\n\r\n9\r\nda", false),
                new Fault("a chunk that is none", "http", BEGUN + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", false),
                new Fault("not gzip", "http", BEGUN + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", false),
                new Fault(
                        "an unknown coding",
                        "http",
                        BEGUN + "Content-Encoding: xz\r\nContent-Length: 4\r\n\r\nabcd",
                        false),
                new Fault("no TLS", "https", "HTTP/1.1 400 Bad Request\r\n\r\n", false),
                new Fault("closed in the handshake", "https", "", false),
                new Fault("reset in the handshake", "https", "", true),
                new Fault("an alert", "https", "\u0015\u0003\u0003\u0000\u0002\u0002(", false));
        return faults.flatMap(fault -> Stream.of(WireFormat.values()).map(format -> Arguments.of(format, fault)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aBrokenConnectionIsToldInWords(WireFormat format, Fault fault) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(listener, fault));
            check(format, URI.create(fault.scheme() + "://127.0.0.1:" + listener.getLocalPort()));
        }
    }

    static Stream<Arguments> nobody() {
        return Stream.of("http://no-such-host.invalid", "http://127.0.0.1:1", "https://127.0.0.1:1")
                .flatMap(url -> Stream.of(WireFormat.values()).map(format -> Arguments.of(format, url)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("nobody")
    void aProviderThatIsNotThereIsToldInWords(WireFormat format, String url) {
        check(format, URI.create(url));
    }

    private static void check(WireFormat format, URI server) {
        try (Client client = new Client(format, server)) {
            ProviderFailure failure = Client.failure(client.run(Client.asking("hi")));

            String told = failure.message() + " " + failure.details();
            assertThat(INSIDES.matcher(told).find()).as(told).isFalse();
            assertThat(failure.code()).as(told).isEqualTo(FailureCode.PROVIDER_ERROR);
        }
    }

    private static void serve(ServerSocket listener, Fault fault) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                byte[] buffer = new byte[64 * 1024];
                int read = socket.getInputStream().read(buffer);
                if (read >= 0) {
                    socket.getOutputStream().write(fault.bytes().getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                }
                if (fault.reset()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException _) {
                // The listener was closed, or the client has gone.
            }
        }
    }
}
