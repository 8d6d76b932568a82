package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person answers on the run page, in a real browser, whether a tool may be called. */
@Timeout(120)
@ExtendWith(RunPageBrowser.class)
class RunPageApprovalTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int HOUR = 3_600_000;

    private final Gateway gateway = SharedStack.gateway(1);
    private final ToolServer tools = SharedStack.tools();
    private final String mark = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Chromium browser;

    RunPageApprovalTest(Chromium browser) {
        this.browser = browser;
    }

    @AfterEach
    void theBrowserHadNothingToComplainOf() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aCallIsAllowedByAClickAndTheRunGoesOn() throws Exception {
        String run = SendingAssistant.run(gateway, tools, mark, HOUR);
        browser.open(gateway.page(run));
        browser.await(
                "the question",
                () -> assertThat(browser.texts(".approval-tool")).containsExactly("May send be called?"));
        assertThat(browser.text(".approval-arguments")).contains(mark);
        browser.awaitText("#status", "waiting");
        browser.screenshot("approval");
        assertThat(tools.visits(mark)).as("nobody has allowed it").isEmpty();

        browser.click("#approvals button.approve");

        browser.awaitText("#status", "succeeded");
        assertThat(browser.texts(".approval")).isEmpty();
        assertThat(browser.texts("#console .row")).contains("making a boat for " + mark);
        assertThat(tools.visits(mark)).hasSize(1);
        browser.screenshot("approved");
    }

    @Test
    void aCallIsForbiddenByAClickAlsoOnAPageThatWasOpenedLater() throws Exception {
        String _ = openedLater();

        browser.click("#approvals button.deny");

        browser.awaitText("#status", "succeeded");
        assertThat(browser.texts(".approval")).isEmpty();
        assertThat(tools.visits(mark)).isEmpty();
    }

    @Test
    void aQuestionThatSomebodyElseAnsweredIsGone() throws Exception {
        String run = openedLater();
        String approval = gateway.run(run).at("/approvals/0/approval_id").asString();

        assertThat(gateway.post("/v1/runs/" + run + "/approvals/" + approval + "/approve", "")
                        .statusCode())
                .isEqualTo(202);

        browser.awaitText("#status", "succeeded");
        assertThat(browser.texts(".approval")).isEmpty();
    }

    /** The page of a run that has asked before it was opened. */
    private String openedLater() throws Exception {
        String run = SendingAssistant.run(gateway, tools, mark, HOUR);
        gateway.awaitStatus(run, "waiting", SOON);
        browser.open(gateway.page(run));
        browser.await(
                "the question", () -> assertThat(browser.texts(".approval")).hasSize(1));
        return run;
    }
}
