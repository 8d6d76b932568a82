package io.tailrace.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.EventType;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.TestGateway;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the page is served, and what its files may do. What it shows is tested in a browser, by the system tests. */
class PageTest {
    private static final Pattern FILE = Pattern.compile("[\"'](?:/page/|\\./)([a-z-]+\\.[a-z]+)[\"']");

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        // The page needs no log.
        gateway = TestGateway.startOn("127.0.0.1:1");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static Stream<String> paths() {
        return Stream.concat(Stream.of("/"), PageConfiguration.FILES.stream().map(it -> "/page/" + it));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void everyFileIsServedWithTheStrictPolicyAndAskedForAgain(String path) {
        Answer answer = gateway.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isNotEmpty();
        assertThat(answer.header("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy.split("; *"))
                        .contains(
                                "default-src 'none'",
                                "script-src 'self'",
                                "frame-ancestors 'none'",
                                "require-trusted-types-for 'script'")
                        .noneMatch(it -> it.contains("unsafe") || it.contains("*") || it.contains("http")));
        assertThat(answer.header("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.header("cache-control")).hasValue("no-cache");
        String etag = answer.header("etag").orElseThrow();
        assertThat(gateway.get(path, "If-None-Match", etag).status()).isEqualTo(304);
        assertThat(gateway.send("HEAD", path, "").header("etag")).hasValue(etag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page",
                "/page/",
                "/page/PageConfiguration.class",
                "/page/..%2fapi%2fopenapi.yaml",
                "/index.html"
            })
    void nothingElseIsServed(String path) {
        assertThat(gateway.get(path).status()).isBetween(400, 404);
    }

    @Test
    void whatTheFilesReferToIsServedAndNothingIsServedForNobody() {
        Set<String> referred = new TreeSet<>();
        paths().forEach(path -> FILE.matcher(gateway.get(path).body())
                .results()
                .map(it -> it.group(1))
                .forEach(referred::add));

        assertThat(referred).containsExactlyInAnyOrderElementsOf(PageConfiguration.FILES);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void noFileMakesMarkupOfTextOrLoadsFromElsewhere(String path) {
        String body = gateway.get(path).body().replace("http://www.w3.org/2000/svg", "");

        assertThat(body)
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
                .doesNotContain("http://", "https://", "javascript:", "data:image")
                .doesNotContainPattern("<script(?![^>]*\\bsrc=)|<style|\\sstyle=|\\son[a-z]+=\"");
    }

    @Test
    void thePageListensToEveryTypeThatTheGatewayShows() {
        Set<EventType> shown = EnumSet.allOf(EventType.class);
        // Those that have no place in the order.
        shown.removeAll(EnumSet.of(EventType.RUN_PROGRESS, EventType.HEARTBEAT, EventType.TICK));
        List<String> names = shown.stream()
                .map(it -> it == EventType.CONSOLE_LINES ? "console.line" : it.wireName())
                .toList();
        Matcher list = Pattern.compile("EVENT_TYPES = \\[([^]]*)]")
                .matcher(gateway.get("/page/run-state.js").body());

        assertThat(list.find()).isTrue();
        assertThat(Pattern.compile("\"([^\"]+)\"")
                        .matcher(list.group(1))
                        .results()
                        .map((MatchResult it) -> it.group(1)))
                .containsExactlyInAnyOrderElementsOf(names);
    }
}
