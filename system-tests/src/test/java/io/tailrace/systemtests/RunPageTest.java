package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The run page in a real browser, on real processes: what a person sees while builds run and processes die. */
@Timeout(120)
@ExtendWith(RunPageBrowser.class)
class RunPageTest {
    private static final String ROWS = "#console .row";
    private static final String VALID_ROWS = "#console .attempt:not(.superseded) .row";

    private final Gateway gateway = SharedStack.gateway(1);
    private final Chromium browser;

    RunPageTest(Chromium browser) {
        this.browser = browser;
    }

    @AfterEach
    void theBrowserHadNothingToComplainOf() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void showsABuildLiveAndMissesNothingWhenItsGatewayIsKilledAndStartedAgain() throws Exception {
        String run = gateway.create(Plans.with(
                Plans.build(
                        Plans.sh("first", "echo first"),
                        Plans.sh("count", "for i in $(seq 400); do echo line $i; sleep 0.02; done"),
                        Plans.sh("last", "echo last")),
                "title",
                "A long count"));
        browser.open(gateway.page(run));
        browser.await(
                "lines while it runs", () -> assertThat(browser.texts(ROWS)).contains("line 40"));
        assertThat(browser.text("#status")).isEqualTo("running");
        assertThat(browser.text("#connection")).isEqualTo("live");
        assertThat(browser.text("h1#title")).isEqualTo("A long count");
        assertThat(browser.texts(".phase-state")).containsExactly("succeeded", "runs", "waits");
        browser.screenshot("live");

        SharedStack.member("gateway-1").kill();
        browser.awaitText("#connection", "connection lost at");
        browser.screenshot("reconnecting");
        SharedStack.member("gateway-1").start();

        browser.awaitText("#connection", "ended");
        assertThat(browser.texts(ROWS)).containsExactlyElementsOf(expected());
        assertThat(browser.texts(".remark")).isEmpty();
        assertThat(browser.text("#status")).isEqualTo("succeeded");
        assertThat(browser.texts(".phase-state")).containsExactly("succeeded", "succeeded", "succeeded");
        assertThat(browser.title()).startsWith("succeeded – A long count");
    }

    private static List<String> expected() {
        return IntStream.rangeClosed(0, 401)
                .mapToObj(i -> i == 0 ? "first" : i == 401 ? "last" : "line " + i)
                .toList();
    }

    @Test
    void showsAFinishedRunWithItsFailure() throws Exception {
        String run = gateway.create(Plans.build(
                Plans.sh("good", "echo fine"), Plans.sh("bad", "echo oh no >&2; exit 3"), Plans.sh("never", "true")));
        gateway.awaitStatus(run, "failed", java.time.Duration.ofSeconds(30));

        browser.open(gateway.page(run));
        browser.awaitText("#connection", "ended");

        assertThat(browser.text("#status")).isEqualTo("failed");
        assertThat(browser.texts(ROWS)).containsExactly("fine", "oh no");
        assertThat(browser.texts("#console .stderr")).containsExactly("oh no");
        assertThat(browser.texts(".phase-state")).containsExactly("succeeded", "failed (exit code 3)", "not run");
        assertThat(browser.text("#failure")).isNotEmpty();
        URI download = URI.create(
                browser.run("return document.getElementById('download').href").asString());
        assertThat(gateway.get(download.getRawPath() + "?" + download.getRawQuery())
                        .body()
                        .lines())
                .hasSameSizeAs(gateway.events(run));
        browser.screenshot("failed");
    }

    @Test
    void showsThePromptsOfAMixedPlanWithTheirAnswers() throws Exception {
        String run = gateway.create(Plans.run(List.of(
                Plans.step(Plans.sh("make", "echo made")),
                Plans.prompt("ask", "What was <b>made</b>?", Map.of("text", "Nothing\nbut <i>this</i>.")))));

        browser.open(gateway.page(run));
        browser.awaitText("#connection", "ended");

        assertThat(browser.texts(".stage-name"))
                .containsExactly("Step 1 of 2, build: succeeded", "Step 2 of 2, prompt: succeeded");
        assertThat(browser.text(".turn-question")).isEqualTo("What was <b>made</b>?");
        assertThat(browser.text(".turn-answer")).isEqualTo("Nothing\nbut <i>this</i>.");
        assertThat(browser.texts(ROWS)).containsExactly("made", "Nothing", "but <i>this</i>.");
        assertThat(browser.texts("#console h3")).containsExactly("make", "scripted, scripted-1");
        browser.screenshot("mixed");
    }

    @Test
    void foldsWhatALostWorkerPrinted() throws Exception {
        String run = gateway.create(
                Plans.build(Plans.sh("slow", "echo begun; for i in $(seq 30); do echo $i; sleep 0.1; done")));
        browser.open(gateway.page(run));
        browser.await("output", () -> assertThat(browser.texts(ROWS)).contains("5"));
        String worker =
                browser.text(".attempt summary").contains("build-worker-1") ? "build-worker-1" : "build-worker-2";
        SharedStack.member(worker).kill();

        browser.awaitText("#connection", "ended");

        assertThat(browser.texts(VALID_ROWS))
                .containsExactlyElementsOf(IntStream.rangeClosed(0, 30)
                        .mapToObj(i -> i == 0 ? "begun" : Integer.toString(i))
                        .toList());
        assertThat(browser.texts(".attempt.superseded summary"))
                .singleElement()
                .asString()
                .contains("superseded by attempt 2");
        assertThat(browser.run("return document.querySelector('.superseded').open")
                        .asBoolean())
                .isFalse();
        assertThat(browser.texts("#notices li")).singleElement().asString().contains("was silent for");
        browser.screenshot("superseded");
    }

    @Test
    void cancelsAndRetriesByItsButtons() throws Exception {
        String run = gateway.create(Plans.build(Plans.sh("endless", "echo begun; sleep 300")));
        browser.open(gateway.page(run));
        browser.awaitText("#console", "begun");
        assertThat(browser.text("#retry")).isEmpty();

        browser.click("#cancel");
        browser.screenshot("cancel");
        browser.click("#confirm button[value=yes]");

        browser.awaitText("#status", "canceled");
        browser.awaitText("#connection", "ended");
        assertThat(browser.texts("#notices li")).singleElement().asString().contains("Cancel requested");
        assertThat(gateway.status(run)).isEqualTo("canceled");

        browser.click("#retry");
        browser.await("the new run", () -> assertThat(browser.address()).doesNotContain(run));
        browser.awaitText("#facts", run);
        browser.awaitText("#console", "begun");
        String again = gateway.uri(browser.address()).getQuery().substring("run=".length());
        gateway.cancel(again);
        browser.awaitText("#status", "canceled");
    }

    @Test
    void listsRunsByStatusAndWorkspaceAndPageByPage() throws Exception {
        for (int i = 1; i <= 3; i++) {
            Map<String, Object> plan = Plans.with(Plans.build(Plans.sh("a", "true")), "title", "Number " + i);
            String run = gateway.create(Plans.with(plan, "workspace", "listed"));
            gateway.awaitStatus(run, "succeeded", java.time.Duration.ofSeconds(30));
        }
        browser.open(gateway.uri("/?workspace=listed&limit=2"));
        browser.await("two runs", () -> assertThat(browser.texts("#list a")).containsExactly("Number 3", "Number 2"));
        browser.screenshot("list");
        browser.click("#older");
        browser.await("the third", () -> assertThat(browser.texts("#list a")).containsExactly("Number 1"));
        browser.click("#newest");
        browser.await("two runs", () -> assertThat(browser.texts("#list a")).hasSize(2));

        Map<String, Object> plan = Plans.with(Plans.build(Plans.sh("a", "true")), "title", "Number 4");
        String fourth = gateway.create(Plans.with(plan, "workspace", "listed"));
        browser.await(
                "a new run, by itself",
                () -> assertThat(browser.texts("#list a")).containsExactly("Number 4", "Number 3"));
        browser.click("#list a");
        browser.awaitText("#connection", "ended");
        assertThat(browser.text("#facts")).contains(fourth, "listed");

        browser.open(gateway.uri("/?workspace=listed&status=failed"));
        browser.awaitText("#none", "No runs.");
    }

    @Test
    void saysWhatIsWrongWithAnUnknownRun() {
        browser.open(gateway.page("r-0000000000000000"));
        browser.await("the problem", () -> assertThat(browser.text("#alert")).isNotEmpty());
        assertThat(browser.text("#connection")).isEqualTo("not connected");
    }
}
