package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the run page makes of output: rows, colours, hostile lines, floods; and of gaps and resets. */
@Timeout(120)
@ExtendWith(RunPageBrowser.class)
class RunPageOutputTest {
    private static final String ROWS = "#console .row";

    private final Gateway gateway = SharedStack.gateway(1);
    private final Chromium browser;

    RunPageOutputTest(Chromium browser) {
        this.browser = browser;
    }

    private static Arguments rows(String what, List<String> pieces, String... rows) {
        return Arguments.of(what, pieces, List.of(rows));
    }

    /** Pieces are what ended them (n, p, s, e) and their text; runs of a row stand as text, or as {style}text. */
    static Stream<Arguments> tables() {
        return Stream.of(
                rows("a line", List.of("n:one"), "one"),
                rows("an empty line", List.of("n:", "n:two"), "", "two"),
                rows("partial lines", List.of("p:on", "p:e", "n:", "n:two"), "one", "two"),
                rows("a split line", List.of("s:one ", "n:line"), "one line"),
                rows("the end of the stream", List.of("p:la", "e:st"), "last"),
                rows("a progress bar", List.of("p:10 %", "p:\r20 %", "n:\r100 %"), "100 %"),
                rows("shorter than before", List.of("n:abcdef\rxy"), "xycdef"),
                rows("a line end of Windows", List.of("n:text\r"), "text"),
                rows("erased to the end", List.of("n:abcdef\rxy\u001b[K"), "xy"),
                rows("erased as a whole", List.of("n:abcdef\u001b[2K\rxy"), "xy"),
                rows("backspace", List.of("n:abd\bc"), "abc"),
                rows("column", List.of("n:abc\u001b[1Gx"), "xbc"),
                rows("left and right", List.of("n:abc\u001b[3Dx\u001b[Cz"), "xbz"),
                rows("characters of two units", List.of("n:😀😀\rx"), "x😀"),
                rows(
                        "a colour over pieces",
                        List.of("p:\u001b[31mre", "n:d", "n:still\u001b[0m not"),
                        "{foreground:1}red",
                        "{foreground:1}still| not"),
                rows("a sequence cut in two", List.of("p:\u001b[3", "n:2mgreen"), "{foreground:2}green"),
                rows(
                        "attributes",
                        List.of("n:\u001b[1;4mx\u001b[22my"),
                        "{bold:true,underline:true}x|{underline:true}y"),
                rows("bright", List.of("n:\u001b[97;104mx"), "{background:12,foreground:15}x"),
                rows(
                        "256 colours",
                        List.of("n:\u001b[38;5;208mo\u001b[48;5;232mp\u001b[38;5;9mq"),
                        "{foreground:#ff8700}o|{background:#080808,foreground:#ff8700}p|{background:#080808,foreground:9}q"),
                rows(
                        "true colours",
                        List.of("n:\u001b[38;2;1;2;255mx\u001b[48:2::9:8:7my"),
                        "{foreground:#0102ff}x|{background:#090807,foreground:#0102ff}y"),
                rows("nonsense in a colour", List.of("n:\u001b[38;5;999;1mx\u001b[38mz"), "{bold:true}xz"),
                rows(
                        "part of a coloured text overwritten",
                        List.of("n:\u001b[31mabcd\r\u001b[0mx"),
                        "x|{foreground:1}bcd"),
                rows(
                        "what is not for rows",
                        List.of("n:a\u001b]0;title\u0007b\u001b[2Jc\u001b(Bd\u0007e\u001b]8;;http://x\u001b\\f"),
                        "abcdef"),
                rows("an escape that never ends", List.of("p:a\u001b]0;tit", "n:le", "n:b"), "a", "b"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void rowsAreWhatATerminalWouldShow(String what, List<String> pieces, List<String> expected) {
        browser.open(gateway.uri("/"));
        JsonNode rows = browser.run("""
                return import("/page/terminal.js").then(({ Printed }) => {
                  const printed = new Printed();
                  const ends = { n: "newline", p: "partial", s: "split", e: "eof" };
                  const rows = new Set();
                  for (const piece of arguments[0]) {
                    printed.add(ends[piece[0]], piece.slice(2)).forEach((row) => rows.add(row));
                  }
                  const style = (it) => Object.keys(it).sort().map((name) => name + ":" + it[name]).join(",");
                  return [...rows].map((row) => row.runs
                      .map((run) => (style(run.style) === "" ? "" : "{" + style(run.style) + "}") + run.text).join("|"));
                });""", pieces);

        assertThat(rows.valueStream().map(JsonNode::asString)).containsExactlyElementsOf(expected);
    }

    @Test
    void aLineWithoutEndGoesOnInFurtherRowsAndNothingOfItIsLost() {
        browser.open(gateway.uri("/"));
        JsonNode rows = browser.run("""
                return import("/page/terminal.js").then(({ Printed, MAX_ROW_LENGTH }) => {
                  const printed = new Printed();
                  const rows = new Set();
                  for (let i = 0; i < 100; i++) {
                    printed.add("split", String(i % 10).repeat(1000)).forEach((row) => rows.add(row));
                  }
                  const all = [...rows];
                  return [all.map((row) => row.text).join("").length, Math.max(...all.map((row) => row.text.length)), MAX_ROW_LENGTH];
                });""");

        assertThat(rows.get(0).asInt()).isEqualTo(100_000);
        assertThat(rows.get(1).asInt()).isLessThan(rows.get(2).asInt() + 1000);
    }

    @Test
    void coloursAreShownAndHostileLinesStayText() throws Exception {
        String hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        String run = gateway.create(Plans.with(
                Plans.build(Plans.with(Plans.sh("hostile", """
                                printf '\\033[32mgreen\\033[0m \\033[1;4;38;2;255;128;0morange\\033[0m \\033[48;5;19mblue\\033[0m\\n'
                                printf '%s\\n' "$HOSTILE"
                                printf '10%%'; sleep 0.3; printf '\\r50%%'; sleep 0.3; printf '\\r100%%\\n'
                                echo wrong >&2"""), "environment", Map.of("HOSTILE", hostile))),
                "title",
                "<b>bold</b> " + hostile));
        gateway.awaitStatus(run, "succeeded", Duration.ofSeconds(30));
        browser.open(gateway.page(run));
        browser.awaitText("#connection", "ended");

        assertThat(browser.texts(ROWS)).containsExactly("green orange blue", hostile, "100%", "wrong");
        assertThat(browser.text("h1#title")).isEqualTo("<b>bold</b> " + hostile);
        assertThat(browser.run("return document.querySelectorAll('main img, main script, main b').length")
                        .asInt())
                .isZero();
        assertThat(browser.title()).startsWith("succeeded – <b>");
        assertThat(style(".row span:nth-of-type(1)", "color")).isEqualTo("rgb(123, 199, 126)");
        assertThat(style(".row span:nth-of-type(2)", "color")).isEqualTo("rgb(255, 128, 0)");
        assertThat(style(".row span:nth-of-type(2)", "fontWeight")).isEqualTo("700");
        assertThat(style(".row span:nth-of-type(2)", "textDecorationLine")).isEqualTo("underline");
        assertThat(style(".row span:nth-of-type(3)", "backgroundColor")).isEqualTo("rgb(0, 0, 175)");
        browser.screenshot("colours");
        assertThat(browser.complaints()).isEmpty();
    }

    private String style(String selector, String property) {
        return browser.run(
                        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
                        selector,
                        property)
                .asString();
    }

    @Test
    void thePolicyStopsMarkupEvenWhereThePageWouldMakeIt() {
        browser.open(gateway.uri("/"));
        String what = browser.run("""
                try { document.body.innerHTML = "<img src=x>"; return "made"; } catch (e) { return e.name; }""").asString();
        assertThat(what).isEqualTo("TypeError");
    }

    @Test
    void keepsTheLastRowsOfAFloodAndSaysSo() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("flood", "seq 12000")));
        gateway.awaitStatus(run, "succeeded", Duration.ofSeconds(60));
        browser.open(gateway.page(run));
        browser.awaitText("#connection", "ended");
        browser.await(
                "the last row",
                () -> assertThat(browser.text("#console .row:last-child")).isEqualTo("12000"));

        List<String> rows = browser.texts(ROWS);
        assertThat(rows).hasSizeBetween(4990, 5000).last().isEqualTo("12000");
        assertThat(rows.getFirst()).isEqualTo(Integer.toString(12001 - rows.size()));
        assertThat(browser.run("return document.getElementById('hidden-count').textContent.replace(/\\D/g, '')")
                        .asInt())
                .isEqualTo(12000 - rows.size());
        assertThat(browser.run("return document.getElementById('download-lines').href")
                        .asString())
                .endsWith("/v1/runs/" + run + "/events?format=ndjson");
        browser.screenshot("flood");
    }

    @Test
    void followsTheEndUntilSomebodyScrollsUp() throws Exception {
        String run = gateway.create(
                Plans.build(Plans.sh("count", "seq 200; for i in $(seq 600); do echo line $i; sleep 0.02; done")));
        browser.open(gateway.page(run));
        browser.await("lines", () -> assertThat(browser.texts(ROWS)).contains("line 20"));
        assertThat(distanceFromEnd()).isLessThan(5);

        browser.run("document.getElementById('console').scrollTop -= 300");
        browser.await(
                "stopped",
                () -> assertThat(browser.run("return document.getElementById('follow').ariaPressed")
                                .asString())
                        .isEqualTo("false"));
        int top = scrollTop();
        int seen = browser.texts(ROWS).size();
        browser.await("more lines", () -> assertThat(browser.texts(ROWS)).hasSizeGreaterThan(seen + 30));
        assertThat(scrollTop()).isEqualTo(top);

        browser.click("#follow");
        int then = browser.texts(ROWS).size();
        browser.await("more lines", () -> assertThat(browser.texts(ROWS)).hasSizeGreaterThan(then + 30));
        assertThat(distanceFromEnd()).isLessThan(5);
        gateway.cancel(run);
    }

    private int scrollTop() {
        return browser.run("return Math.round(document.getElementById('console').scrollTop)")
                .asInt();
    }

    private int distanceFromEnd() {
        return browser.run("""
                const it = document.getElementById("console");
                return Math.round(it.scrollHeight - it.clientHeight - it.scrollTop);""").asInt();
    }

    @Test
    void showsGapsAndBeginsAnewAfterAReset() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("a", "echo real")));
        gateway.awaitStatus(run, "succeeded", Duration.ofSeconds(30));
        showWithStreamInHand(run);
        String line = """
                const line = (sequence, text) => window.source.tell("console.line", {
                  sequence, type: "console.line", stage_id: "s", attempt: 1,
                  payload: { phase: "p", stream: "stdout", end: "newline", text } });
                """;

        browser.run(line + """
                line(1, "before");
                window.source.tell("stream.gap", { from: 2, to: 9 });
                line(10, "after");
                line(12, "later");""");
        browser.await(
                "what came after", () -> assertThat(browser.texts(ROWS)).containsExactly("before", "after", "later"));
        assertThat(browser.texts(".remark"))
                .containsExactly(
                        "Events 2 to 9 are no longer kept.",
                        "Event 12 came after event 10: this page has not seen everything.");

        browser.run(line + """
                window.source.tell("stream.reset", { reason: "rewritten" });
                line(1, "anew");
                window.source.tell("stream.end", { last_sequence: 1 });""");
        browser.await("the new log", () -> assertThat(browser.texts(ROWS)).containsExactly("anew"));
        assertThat(browser.texts(".remark")).singleElement().asString().contains("the log was rewritten");
        assertThat(browser.run("return window.source.closed").asBoolean()).isTrue();
        browser.awaitText("#connection", "ended");
    }

    @Test
    void showsAnswersOnceAndWholeAlsoWherePiecesOrEventsCannotBeRead() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("a", "true")));
        gateway.awaitStatus(run, "succeeded", Duration.ofSeconds(30));
        showWithStreamInHand(run);

        browser.run("""
                let sequence = 0;
                const tell = (type, attempt, payload, more = {}) => window.source.tell(type,
                  { sequence: ++sequence, type, stage_id: "s", attempt, worker_id: "w", payload, ...more });
                const ask = (attempt) => {
                  tell("attempt.started", attempt, {});
                  tell("turn.started", attempt, { text: "?", provider: "p", model: "m" + attempt });
                };
                const text = (attempt, piece) => tell("model.delta", attempt, { kind: "text", text: piece });
                ask(1);
                text(1, "first\\nand");
                text(1, " second");
                ask(2);
                text(2, "first\\n");
                tell("model.delta", 2, null, { undecodable: true });
                tell("turn.completed", 2, { content: { message: { text: "first\\nlast" } } });
                ask(3);
                text(3, "all");
                tell("turn.completed", 3, { content: { message: { text: "all" } } });
                ask(4);
                tell("turn.completed", 4, null, { undecodable: true });
                tell("turn.failed", 4, null, { undecodable: true });
                tell("turn.checkpointed", 4, null, { undecodable: true });
                text(4, "goes on");""");

        browser.await(
                "every answer",
                () -> assertThat(browser.texts(ROWS))
                        .containsExactly("first", "and second", "first", "last", "all", "goes on"));
        assertThat(browser.texts("#console h3")).containsExactly("p, m1", "p, m2", "p, m3", "p, m4");
        assertThat(browser.texts(".remark")).isEmpty();
    }

    @Test
    void opensAnotherStreamAtTheSamePlaceWhenTheBrowserHasGivenUp() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("a", "echo begun; sleep 300")));
        try (EventStream stream = gateway.stream(run)) {
            stream.awaitLine("begun", Duration.ofSeconds(30));
            showWithStreamInHand(run);
            // As it does when a gateway that is starting answers 503.
            String giveUp = """
                    window.given = window.source;
                    window.source.tell("stream.open", {}, arguments[0]);
                    window.source.readyState = 2;
                    window.source.onerror();""";
            browser.run(giveUp, stream.lastEventId());
            browser.await(
                    "another stream",
                    () -> assertThat(browser.run("return window.source !== window.given && window.source.url")
                                    .asString())
                            .endsWith("/stream?cursor=" + stream.lastEventId()));

            gateway.cancel(run);
            stream.awaitEnd(Duration.ofSeconds(30));
            browser.run(giveUp, stream.lastEventId());
            browser.awaitText("#connection", "ended");
        }
    }

    /** A stream in the hands of the test, for what a log and a network do seldom. */
    private void showWithStreamInHand(String run) {
        browser.open(gateway.uri("/"));
        browser.run("""
                window.source = null;
                window.EventSource = class {
                  static CLOSED = 2;
                  constructor(url) { window.source = this; this.url = String(url); this.listeners = {}; }
                  addEventListener(type, listener) { this.listeners[type] = listener; }
                  tell(type, data, id = "c") { this.listeners[type]({ lastEventId: id, data: JSON.stringify(data) }); }
                  close() { this.closed = true; }
                };
                return import("/page/run.js").then(({ showRun }) => showRun(arguments[0], null));""", run);
        browser.await(
                "a stream",
                () -> assertThat(browser.run("return window.source !== null").asBoolean())
                        .isTrue());
    }
}
