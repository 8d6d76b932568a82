package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.provider.testing.CannedServer;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fetches from servers of this machine; names are looked up in a table of the test. */
@Timeout(60)
class HttpGetToolTest {
    private static final int MAX_BYTES = 1_000;

    private final List<Map.Entry<String, String>> heads = new CopyOnWriteArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final StopSignal stop = new StopSignal();
    private AddressLookup lookup = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    private List<String> privateHosts = List.of("tools.test");
    private List<String> own = List.of("tools.test");
    private HttpServer server;
    private String hosts;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        hosts = "tools.test:" + server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aTextIsFetched() {
        on("/page", "text/plain; charset=ISO-8859-1", "Grüße".getBytes(StandardCharsets.ISO_8859_1));

        CallResult result = fetch("/page?x=1#there");

        assertThat(result).isEqualTo(CallResult.succeeded("Grüße"));
        assertThat(heads).anySatisfy(it -> assertThat(it.getKey()).isEqualTo("/page?x=1"));
        assertThat(sent("User-agent")).isEqualTo("tailrace");
        assertThat(sent("Idempotency-key")).isEqualTo("r-1.1/2/3");
        assertThat(sent("Cookie")).isEqualTo("none");
        assertThat(sent("Authorization")).isEqualTo("none");
    }

    @Test
    void aHostThatTheOperatorDoesNotAllowIsNotAsked() {
        hosts = "other.test";

        assertThat(fetch("/page").code()).contains("host_not_allowed");
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutAListNothingIsAllowed() {
        hosts = "";

        assertThat(fetch("/page").code()).contains("host_not_allowed");
    }

    @Test
    void aHostThatIsNotTheToolsIsNotAsked() {
        own = List.of("other.test");

        assertThat(fetch("/page").code()).contains("host_not_allowed");
        assertThat(asked).isEmpty();
    }

    @Test
    void anAddressThatIsPrivateIsNotConnectedTo() {
        on("/page", "text/plain", "secret".getBytes(StandardCharsets.UTF_8));
        privateHosts = List.of();

        CallResult result = fetch("/page");

        assertThat(result.code()).contains("host_not_allowed");
        assertThat(result.text()).doesNotContain("secret");
        assertThat(heads).isEmpty();
    }

    @Test
    void anAddressWrittenAsAHostIsCheckedToo() {
        on("/page", "text/plain", "secret".getBytes(StandardCharsets.UTF_8));
        int port = server.getAddress().getPort();
        lookup = InetAddress::getAllByName;
        privateHosts = List.of();
        own = List.of("127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "localhost");
        hosts = "127.0.0.1:" + port + ",2130706433:" + port + ",[::1]:" + port + ",[::ffff:127.0.0.1]:" + port
                + ",0x7f.1:" + port + ",localhost:" + port;

        for (String host : own) {
            CallResult result = get("http://" + host + ":" + port + "/page");
            assertThat(result.outcome()).as(host).isEqualTo(ToolOutcome.FAILED);
            assertThat(result.text()).as(host).doesNotContain("secret");
        }
        assertThat(heads).isEmpty();
    }

    @Test
    void oneOfSeveralAddressesThatIsPrivateIsOneTooMany() {
        privateHosts = List.of();
        lookup = _ -> new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")};

        assertThat(fetch("/page").code()).contains("host_not_allowed");
    }

    @Test
    void anAddressIsLookedUpOnceAndConnectedToAsItWasChecked() {
        AtomicInteger lookups = new AtomicInteger();
        on("/page", "text/plain", "secret".getBytes(StandardCharsets.UTF_8));
        privateHosts = List.of();
        lookup = _ -> new InetAddress[] {
            lookups.getAndIncrement() == 0 ? InetAddress.getByName("192.0.0.8") : InetAddress.getLoopbackAddress()
        };

        assertThat(fetch("/page").code()).contains("host_not_allowed");
        assertThat(fetch("/page").code())
                .as("the second look-up is checked as the first was")
                .contains("host_not_allowed");
        assertThat(lookups).hasValue(2);
        assertThat(heads).isEmpty();
    }

    @Test
    void redirectsAreFollowed() {
        on("/page", "text/plain", "there".getBytes(StandardCharsets.UTF_8));
        redirect("/first", "second");
        redirect("/second", "/page");

        assertThat(fetch("/first").text()).isEqualTo("there");
    }

    @Test
    void aRedirectIsCheckedAsTheAddressWas() {
        redirect("/out", "http://elsewhere.test/");
        redirect("/in", "http://169.254.169.254/latest/meta-data");
        redirect("/file", "file:///etc/passwd");
        redirect("/user", "http://u:p@" + hosts + "/");

        assertThat(fetch("/out").code()).contains("host_not_allowed");
        assertThat(fetch("/in").code()).contains("host_not_allowed");
        assertThat(fetch("/file").outcome()).isEqualTo(ToolOutcome.FAILED);
        assertThat(fetch("/user").outcome()).isEqualTo(ToolOutcome.FAILED);
    }

    @Test
    void aRedirectToAHostThatIsOnNoListIsNotFollowed() {
        int port = server.getAddress().getPort();
        on("/secret", "text/plain", "secret".getBytes(StandardCharsets.UTF_8));
        redirect("/out", "http://other.test:" + port + "/secret");
        redirect("/own", "http://third.test:" + port + "/secret");
        privateHosts = List.of("tools.test", "other.test", "third.test");
        own = List.of("tools.test", "third.test");

        assertThat(fetch("/out").code()).contains("host_not_allowed");
        assertThat(fetch("/own").code()).contains("host_not_allowed");
        assertThat(heads).noneMatch(it -> it.getKey().equals("/secret"));
    }

    @Test
    void aRedirectToAHostThatIsAllowedAndPrivateIsNotFollowed() {
        own = List.of("tools.test", "inner.test");
        redirect("/in", "http://inner.test/page");
        hosts += ",inner.test";

        assertThat(fetch("/in").code()).contains("host_not_allowed");
    }

    @Test
    void redirectsInACircleEnd() {
        redirect("/a", "/a");

        assertThat(fetch("/a").code()).contains("too_many_redirects");
        assertThat(heads.stream().filter(it -> it.getKey().equals("/a"))).hasSize(6);
    }

    @Test
    void aStatusOfFailureIsToldWithTheBeginningOfItsBody() {
        answer(
                "/gone",
                exchange -> respond(
                        exchange, 410, "text/plain", "It moved. ".repeat(1_000).getBytes(StandardCharsets.UTF_8)));

        CallResult result = fetch("/gone");

        assertThat(result.code()).contains("http_status");
        assertThat(result.text()).contains("410", "It moved.").hasSizeLessThan(3_000);
    }

    @Test
    void whatIsNoTextIsNamed() {
        on("/image", "image/png", new byte[2_000]);
        on("/odd", "text/plain", new byte[] {1, 0, 2});

        CallResult result = fetch("/image");
        assertThat(result.code()).contains("not_text");
        assertThat(result.text()).contains("image/png", "2000");
        assertThat(fetch("/odd").code()).contains("not_text");
    }

    @Test
    void anEndlessBodyIsReadToItsBound() throws Exception {
        try (CannedServer endless = CannedServer.dripping(
                "text/plain",
                "x".repeat(100_000).getBytes(StandardCharsets.UTF_8),
                "y".repeat(10_000).getBytes(StandardCharsets.UTF_8))) {
            hosts = "tools.test:" + endless.url().getPort();

            CallResult result = get("http://" + hosts + "/");

            assertThat(result.outcome()).isEqualTo(ToolOutcome.SUCCEEDED);
            assertThat(result.bytes()).isGreaterThan(MAX_BYTES);
        }
    }

    @Test
    void aBodyThatGrowsWhenItIsDecompressedIsReadToItsBound() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 50; i++) {
                gzip.write(new byte[1024 * 1024]);
            }
        }
        on("/bomb", "text/plain", bomb.toByteArray(), "gzip");
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write("a".repeat(10_000_000).getBytes(StandardCharsets.UTF_8));
        }
        on("/long", "text/plain", small.toByteArray(), "gzip");
        on("/brotli", "text/plain", small.toByteArray(), "br");

        assertThat(fetch("/bomb").code()).contains("not_text");
        assertThat(fetch("/long").text()).hasSizeBetween(1_000, 64 * 1024).startsWith("aaa");
        assertThat(fetch("/brotli").code()).contains("not_text");
    }

    @Test
    void aStopEndsAFetchAtOnce() throws Exception {
        try (CannedServer slow = CannedServer.lingering("text/plain", "beginning".getBytes(StandardCharsets.UTF_8))) {
            hosts = "tools.test:" + slow.url().getPort();
            CompletableFuture<CallResult> fetched = CompletableFuture.supplyAsync(() -> get("http://" + hosts + "/"));
            await().until(slow::hasRequest);

            stop.stop(StopReason.CANCELED);

            assertThat(fetched).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void anAddressThatNobodyCanFetchIsToldToTheModel() {
        for (String url : List.of(
                "file:///etc/passwd",
                "ftp://tools.test/",
                "tools.test",
                "http://",
                "http:///x",
                "http://user@" + hosts + "/",
                "http://tools.test:99999/",
                "http://tools.test/ a",
                "gopher://tools.test",
                "http://" + "x".repeat(9_000))) {
            assertThat(get(url).outcome()).as(url).isEqualTo(ToolOutcome.FAILED);
        }
        assertThat(heads).isEmpty();
    }

    private CallResult fetch(String path) {
        return get("http://"
                + (hosts.isEmpty()
                        ? "tools.test"
                        : "tools.test:" + server.getAddress().getPort()) + path);
    }

    private CallResult get(String url) {
        AddressLookup recorded = host -> {
            asked.add(host);
            return lookup.find(host);
        };
        List<String> allowed = hosts.isEmpty() ? List.of() : List.of(hosts.split(","));
        try (HttpGetTool tool = new HttpGetTool(new ToolSettings(allowed, privateHosts, null, null), recorded)) {
            Tool.HttpGet get = new Tool.HttpGet("get", Optional.empty(), own, true);
            return tool.fetch(get, new ToolRequest(get, url, new WorkspaceId("demo"), "r-1.1/2/3", MAX_BYTES), stop);
        }
    }

    private String sent(String header) {
        return heads.stream()
                .filter(it -> it.getKey().equals(header))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("none");
    }

    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private void on(String path, String type, byte[] body) {
        answer(path, exchange -> respond(exchange, 200, type, body));
    }

    private void on(String path, String type, byte[] body, String encoding) {
        answer(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", encoding);
            respond(exchange, 200, type, body);
        });
    }

    private void redirect(String path, String to) {
        answer(path, exchange -> {
            exchange.getResponseHeaders().add("Location", to);
            exchange.sendResponseHeaders(302, -1);
        });
    }

    private void answer(String path, Answering answering) {
        server.createContext(path, exchange -> {
            try (exchange) {
                heads.add(Map.entry(exchange.getRequestURI().toString(), ""));
                exchange.getRequestHeaders().forEach((name, values) -> heads.add(Map.entry(name, values.getFirst())));
                answering.answer(exchange);
            }
        });
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        } catch (IOException _) {
            // The client has what it wants.
        }
    }
}
