package io.tailrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.security.CertificateAuthority;
import io.tailrace.local.security.KeyAndCertificate;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS by the gateway itself, with the settings of docs/connecting.md. */
class HttpsTest {
    private static final Pattern BLOCK = Pattern.compile("```properties\n(server\\.ssl.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final CertificateAuthority authority = CertificateAuthority.create(Instant.now(), Duration.ofHours(1));

    @Test
    void aRenewedCertificateIsTakenUpByBothPortsAndOpenConnectionsGoOn() throws Exception {
        BigInteger first = certify();
        try (TestGateway gateway = TestGateway.startOn("127.0.0.1:1", properties())) {
            int management =
                    Integer.parseInt(gateway.context().getEnvironment().getRequiredProperty("local.management.port"));
            try (SSLSocket open = connected(gateway.port())) {
                assertThat(live(open)).startsWith("HTTP/1.1 200");
                assertThat(serial(open)).isEqualTo(first);
                assertThat(presented(management)).isEqualTo(first);

                for (int i = 0; i < 2; i++) {
                    BigInteger next = certify();
                    for (int port : List.of(gateway.port(), management)) {
                        await().atMost(Duration.ofSeconds(60))
                                .untilAsserted(() -> assertThat(presented(port)).isEqualTo(next));
                    }
                    // One that cannot be read changes nothing, and the one after it is taken up.
                    replace("gateway.crt", "-----BEGIN CERTIFICATE-----\n");
                    assertThat(presented(gateway.port())).isEqualTo(next);
                }
                assertThat(live(open)).startsWith("HTTP/1.1 200");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRefusalComesThroughWhileTheClientIsSending(String version) throws Exception {
        certify();
        byte[] body = new byte[5_000_000];
        String head = "POST /nix HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (TestGateway gateway = TestGateway.startOn("127.0.0.1:1", properties())) {
            for (int i = 0; i < 20; i++) {
                try (SSLSocket socket = connected(gateway.port(), version)) {
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().write(body);
                    assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 404")
                            .contains("Connection: close")
                            .endsWith("}");
                }
            }
        }
    }

    private String[] properties() throws IOException {
        var block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "connecting.md")));
        assertThat(block.find()).isTrue();
        Properties written = new Properties();
        written.load(new StringReader(block.group(1)
                .replace("/etc/tailrace/", folder.toString() + "/")
                .replace("0.0.0.0", "127.0.0.1")));
        List<String> all = new ArrayList<>(List.of(
                "spring.ssl.bundle.watch.file.quiet-period=100ms",
                "management.server.port=0",
                "management.server.address=127.0.0.1",
                "management.server.ssl.bundle=" + written.getProperty("server.ssl.bundle")));
        written.forEach((name, value) -> all.add(name + "=" + value));
        return all.toArray(new String[0]);
    }

    /** The serial number of a new certificate. */
    private BigInteger certify() throws IOException {
        KeyAndCertificate gateway =
                authority.issue("gateway", Instant.now(), Instant.now().plusSeconds(3600));
        replace("gateway.key", gateway.keyPem());
        replace("gateway.crt", gateway.certificatePem());
        return gateway.certificate().getSerialNumber();
    }

    private void replace(String file, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve(file + ".new"), text);
        Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private BigInteger presented(int port) throws Exception {
        try (SSLSocket socket = connected(port)) {
            return serial(socket);
        }
    }

    private static BigInteger serial(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    private SSLSocket connected(int port) throws Exception {
        return connected(port, "TLSv1.3");
    }

    private SSLSocket connected(int port, String version) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.own().certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    /** Its answer has no body, and so an end. */
    private static String live(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[8192];
        return new String(answer, 0, socket.getInputStream().read(answer), StandardCharsets.US_ASCII);
    }
}
