package io.tailrace.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.RawConnection;
import io.tailrace.gateway.testing.RawConnection.RawAnswer;
import io.tailrace.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where a message ends has one reading (RFC 9112). What a proxy before us could read in another way is refused, and the
 * connection ends, so that nothing of it is ever taken for the next request.
 */
class MessageFramingTest {
    /** What an attacker would have smuggled; nobody else asks for it. */
    private static final String SMUGGLED = "GET /v1/runs/SMUGGLED HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String JSON =
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("server.jetty.connection-idle-timeout=3s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** All answers until the server ends the connection, which it does by itself or because nothing more comes. */
    private static List<RawAnswer> answers(String text, boolean end) throws IOException {
        List<RawAnswer> all = new ArrayList<>();
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(text);
            if (end) {
                connection.endOutput();
            }
            while (!connection.isOver()) {
                all.add(connection.read(false));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', textBlock = """
            both lengths                        | Content-Length: 4\\r\\nTransfer-Encoding: chunked
            both lengths, the other way round   | Transfer-Encoding: chunked\\r\\nContent-Length: 4
            two lengths                         | Content-Length: 4\\r\\nContent-Length: 5
            two lengths in one                  | Content-Length: 4, 5
            the same length twice               | Content-Length: 4\\r\\nContent-Length: 4
            a negative length                   | Content-Length: -4
            a signed length                     | Content-Length: +4
            a hexadecimal length                | Content-Length: 0x4
            a length beyond all numbers         | Content-Length: 18446744073709551620
            a length with a letter              | Content-Length: 4a
            an empty length                     | Content-Length:
            a space before the colon            | Content-Length : 4
            a space before the colon of a coding| Transfer-Encoding : chunked
            a tab before the colon              | Transfer-Encoding\\t: chunked
            a folded header                     | X: y\\r\\n Transfer-Encoding: chunked\\r\\nContent-Length: 4
            a folded coding                     | Transfer-Encoding:\\r\\n chunked
            a header that begins with a space   |  \\sTransfer-Encoding: chunked
            a coding that ends with no chunks   | Transfer-Encoding: chunked, identity
            chunks in chunks                    | Transfer-Encoding: chunked, chunked
            a coding that nobody knows          | Transfer-Encoding: xchunked
            a coding behind a control character | Transfer-Encoding:\\vchunked
            a quoted coding                     | Transfer-Encoding: "chunked"
            a bare CR in a header               | X: y\\rTransfer-Encoding: chunked\\r\\nContent-Length: 4
            a bare LF after a header            | X: y\\nTransfer-Encoding: chunked\\r\\nContent-Length: 4
            a NUL in a header                   | X: y\\0\\r\\nContent-Length: 4
            a header without a name             | : y\\r\\nContent-Length: 4
            a header without a colon            | X\\r\\nContent-Length: 4
            two hosts                           | Host: localhost\\r\\nContent-Length: 4
            """)
    void whatHasTwoReadingsIsRefusedAndEndsTheConnection(String name, String header) throws IOException {
        List<RawAnswer> answers = answers(JSON + unescaped(header) + "\r\n\r\n0\r\n\r\n" + SMUGGLED + SMUGGLED, false);

        assertThat(answers).as("%s", answers).hasSize(1);
        assertThat(answers.getFirst().status()).as("%s", answers).isIn(400, 501);
        assertThat(answers.getFirst().saysClose()).as("%s", answers).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', textBlock = """
            no number           | x\\r\\n{}\\r\\n0\\r\\n\\r\\n
            an empty size       | \\r\\n{}\\r\\n0\\r\\n\\r\\n
            a signed size       | +2\\r\\n{}\\r\\n0\\r\\n\\r\\n
            a negative size     | -2\\r\\n{}\\r\\n0\\r\\n\\r\\n
            a prefix            | 0x2\\r\\n{}\\r\\n0\\r\\n\\r\\n
            beyond all numbers  | 10000000000000002\\r\\n{}\\r\\n0\\r\\n\\r\\n
            beyond 32 bits      | 100000002\\r\\n{}\\r\\n0\\r\\n\\r\\n
            a bare LF           | 2\\n{}\\r\\n0\\r\\n\\r\\n
            a bare LF after it  | 2\\r\\n{}\\n0\\r\\n\\r\\n
            more than it says   | 1\\r\\n{}\\r\\n0\\r\\n\\r\\n
            a bare CR in it     | 2;a=\\rb\\r\\n{}\\r\\n0\\r\\n\\r\\n
            """)
    void aChunkOfTwoReadingsIsRefusedAndEndsTheConnection(String name, String chunks) throws IOException {
        List<RawAnswer> answers =
                answers(JSON + "Transfer-Encoding: chunked\r\n\r\n" + unescaped(chunks) + SMUGGLED, true);

        assertThat(answers).as("%s", answers).hasSize(1);
        assertThat(answers.getFirst().status()).as("%s", answers).isIn(400, 413);
        assertThat(answers.getFirst().saysClose()).as("%s", answers).isTrue();
    }

    @Test
    void oddButClearChunksHaveTheirOneReading() throws IOException {
        String chunks = "01;a=b;c=\"d e\"\r\n{\r\n000001\r\n}\r\n0;x\r\nTrailer: x\r\n\r\n";

        List<RawAnswer> answers =
                answers(JSON + "Transfer-Encoding: Chunked\r\n\r\n" + chunks + get("/v1/recipes"), true);

        assertThat(answers).extracting(RawAnswer::status).as("%s", answers).containsExactly(400, 200);
        assertThat(answers.getFirst().text()).contains("missing_field");
    }

    @Test
    void requestsInOneWriteAreAnsweredInTheirOrderAndOnceEach() throws IOException {
        StringBuilder all = new StringBuilder();
        IntStream.range(0, 50).forEach(it -> all.append(get("/v1/runs?x" + it + "=1")));
        String body = "{\"workspace\":7}";
        all.append(JSON)
                .append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body);
        all.append(get("/v1/runs?last=1"));

        List<RawAnswer> answers = answers(all.toString(), true);

        assertThat(answers).hasSize(52);
        for (int i = 0; i < 50; i++) {
            assertThat(answers.get(i).text()).contains("\"x" + i + "\"");
        }
        assertThat(answers.get(50).text()).contains("\"workspace\"");
        assertThat(answers.get(51).text()).contains("\"last\"");
    }

    @ParameterizedTest(name = "{0} with Host {1}: {2}")
    @CsvSource({
        "http://localhost/v1/recipes, localhost, 200",
        "http://127.0.0.1:80/v1/recipes, 127.0.0.1:80, 200",
        "http://evil.example/v1/recipes, evil.example, 403",
        "http://evil.example/v1/recipes, localhost, 400",
        "http://localhost/v1/recipes, evil.example, 400",
        "http://localhost@evil.example/v1/recipes, localhost, 400",
        "//localhost/v1/recipes, localhost, 400",
        "/v1/recipes, localhost@evil.example, 400",
        "/v1/recipes, 'localhost, evil.example', 400",
        "/v1/recipes, localhost/evil, 400",
        "/v1/recipes, evil.example, 403",
    })
    void theAuthorityHasOneReading(String target, String host, int status) throws IOException {
        List<RawAnswer> answers = answers("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", true);

        assertThat(answers).extracting(RawAnswer::status).as("%s", answers).containsExactly(status);
    }

    @Test
    void halfRequestsHarmNobodyAndEnd() throws IOException {
        List<RawConnection> half = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                String begun = JSON + (i % 2 == 0 ? "" : "Content-Length: 10\r\n\r\n{");
                half.add(new RawConnection(gateway.port()).send(begun));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.get("/v1/recipes").status()).isEqualTo(200);
            }
            for (RawConnection connection : half) {
                if (!connection.isOver()) {
                    assertThat(connection.read(false).status()).isEqualTo(408);
                    assertThat(connection.isOver()).isTrue();
                }
            }
        } finally {
            for (RawConnection connection : half) {
                connection.close();
            }
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String unescaped(String text) {
        return text.replace("\\s", " ")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\v", "\u000b")
                .replace("\\0", "\u0000");
    }
}
