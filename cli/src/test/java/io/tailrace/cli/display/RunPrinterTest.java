package io.tailrace.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RunPrinterTest {

    private final RunPrinter printer = new RunPrinter(false);

    @Test
    void tellsABuildFromItsCreationToItsEnd() {
        assertThat(text("run.created", "{'title':'Hello'}")).isEqualTo("run r1  Hello\n");
        assertThat(text("run.started", "{}")).isEmpty();
        assertThat(text("stage.requested", "{'step':1,'steps':2}")).isEqualTo("step 1 of 2 waits for a worker\n");
        assertThat(text("attempt.started", "{}")).isEqualTo("taken by w1\n");
        assertThat(text("build.phase.started", "{'title':'Compile','index':1,'phases':3}"))
                .isEqualTo("▶ Compile  1/3\n");
        assertThat(line("stdout", "newline", "all fine")).isEqualTo("  │ all fine\n");
        assertThat(text("build.phase.completed", "{'phase':'compile','status':'succeeded','duration_ms':1500}"))
                .isEqualTo("✔ compile  1.5 s\n");
        assertThat(text("run.completed", "{'outcome':'succeeded','duration_ms':61000,'events':9,'lines':1}"))
                .isEqualTo("■ succeeded  1 min 1 s, 9 events, 1 lines of output\n");
        assertThat(printer.outcome()).contains("succeeded");
    }

    @Test
    void showsAPromptsAnswerAsItComes() {
        assertThat(text("turn.started", "{'text':'Explain','provider':'scripted','model':'scripted-1'}"))
                .isEqualTo("▶ Prompt  scripted, scripted-1\n");
        assertThat(text("context.built", "{}")).isEmpty();
        assertThat(text("model.delta", "{'kind':'text','text':'Two '}")).isEqualTo("  │ Two ");
        assertThat(text("model.delta", "{'kind':'text','text':'words\\n\\nand '}"))
                .isEqualTo("words\n  │ \n  │ and ");
        assertThat(text("model.delta", "{'kind':'reasoning','text':'hm'}")).isEmpty();
        assertThat(text("turn.checkpointed", "{'message':{'text':'Two words\\n\\nand more'}}"))
                .isEqualTo("more");
        assertThat(text("turn.usage", "{}")).isEmpty();
        assertThat(text(
                        "turn.completed",
                        "{'content':{'message':{'text':'Two words\\n\\nand more!'},'duration_ms':1500,"
                                + "'usage':{'total_tokens':7}}}"))
                .isEqualTo("!\n✔ answered  1.5 s, 7 tokens\n");
    }

    @Test
    void saysInALineWhatAnAssistantsPromptIsToldAndWhatIsUsedAgain() {
        assertThat(text("variables.substituted", "{'variables':[{'name':'topic'},{'name':'outline\\u001b[2J'}]}"))
                .startsWith("· with topic, outline")
                .doesNotContain("\u001b[2J");
        assertThat(text("knowledge.retrieval.started", "{'repositories':[]}")).isEmpty();
        assertThat(text("knowledge.retrieved", "{'chunks':[{},{}],'documents':1,'relevance_score':0.666,'tokens':9}"))
                .isEqualTo("· passages told: 2, documents: 1, relevance 0.67\n");
        assertThat(text("knowledge.retrieved", "{'chunks':[],'documents':0,'relevance_score':0,'tokens':0}"))
                .isEqualTo("· nothing was found in the knowledge repositories\n");
        assertThat(text("answer.reused", "{}")).isEqualTo("· no model is asked: the answer is there already\n");
        assertThat(text("answer.reused", "{'answer':{'reason':'retry'}}"))
                .isEqualTo("· no model is asked: the answer is there already\n");
        assertThat(text("answer.reused", "{'answer':{'reason':'cache'}}"))
                .isEqualTo("· no model is asked: the cache has an answer to the same question\n");
    }

    @Test
    void saysWhatWaitsForApprovalAndHowToGiveIt() {
        assertThat(text("stage.requested", "{'step':2,'steps':3,'call':{'tool':'make','round':1,'index':0}}"))
                .isEqualTo("step 2 of 3, a build for make, waits for a worker\n");
        assertThat(text("turn.paused", "{'round':1,'calls':[]}")).isEqualTo("· paused, until its calls are answered\n");
        assertThat(text(
                        "tool.approval.requested",
                        "{'approval_id':'2-1-0','call':{'tool':'make'},'arguments':'{}\\u001b[2J','length':2}"))
                .startsWith("? make {}\n  waits for approval: tailrace approve ")
                .contains(" 2-1-0, or tailrace deny ")
                .doesNotContain("\u001b");
        assertThat(text(
                        "tool.approval.requested",
                        "{'approval_id':'2-1-0','call':{'tool':'make'},'arguments':'" + "x".repeat(400)
                                + "','length':500}"))
                .startsWith("? make " + "x".repeat(400) + "… (500 characters in all)\n");
        assertThat(text(
                        "tool.approval.decided",
                        "{'approval_id':'2-1-0','decision':'denied','by':'ada','reason':'no'}"))
                .isEqualTo("· denied by ada: no\n");
        assertThat(text("turn.continued", "{'rounds':1,'provider':'scripted','model':'m'}"))
                .isEqualTo("· goes on, after 1 rounds\n");
    }

    @Test
    void eachCallOfAToolHasALineForItsStartAndOneForItsEnd() {
        assertThat(text("model.delta", "{'kind':'text','text':'Let me look'}")).isEqualTo("  │ Let me look");
        assertThat(text("tool.calls.requested", "{'round':1,'message':{'text':'Let me look.'}}"))
                .isEqualTo(".\n");
        assertThat(text("tool.execution.started", "{'call':{'tool':'get'},'arguments':'{\\\"url\\\":1}'}"))
                .isEqualTo("→ get {\"url\":1}\n");
        assertThat(text("tool.execution.completed", "{'call':{'tool':'get'},'outcome':'succeeded','duration_ms':1500}"))
                .isEqualTo("← get succeeded  1.5 s\n");
        assertThat(text(
                        "tool.execution.completed",
                        "{'call':{'tool':'get'},'outcome':'failed','code':'timeout','duration_ms':5}"))
                .isEqualTo("← get failed [timeout]  5 ms\n");
        assertThat(text(
                        "tool.execution.completed",
                        "{'call':{'tool':'get'},'outcome':'unknown','code':'interrupted','duration_ms':0}"))
                .isEqualTo("← get has an unknown outcome [interrupted]  0 ms\n");
        assertThat(text(
                        "tool.execution.completed",
                        "{'call':{'tool':'get'},'outcome':'succeeded','duration_ms':5,'repeated':true}"))
                .isEqualTo("← get succeeded  5 ms, as an attempt before had it\n");
    }

    /** What the model says after its calls is another message, be its beginning the same or not. */
    @Test
    void afterCallsOfToolsTheAnswerBeginsAnew() {
        text("model.delta", "{'kind':'text','text':'Let me look.'}");
        text("tool.calls.requested", "{'round':1,'message':{'text':'Let me look.'}}");
        assertThat(text("model.delta", "{'kind':'text','text':'Found'}")).isEqualTo("  │ Found");
        assertThat(text("turn.completed", "{'content':{'message':{'text':'Found it.'},'duration_ms':5}}"))
                .isEqualTo(" it.\n✔ answered  5 ms\n");
    }

    @Test
    void aCallIsOneShortLineWithoutAnythingThatMovesTheCursor() {
        assertThat(text(
                        "tool.execution.started",
                        "{'call':{'tool':'g\\u001b[2Jet\\n'},'arguments':'a\\r\\nb\\u001b]0;x\\u0007c'}"))
                .isEqualTo("→ get  a  bc\n");
        assertThat(text(
                        "tool.execution.started",
                        "{'call':{'tool':'" + "t".repeat(9000) + "'},'arguments':'" + "x".repeat(159) + "\ud83d\ude00"
                                + "y".repeat(9000) + "'}"))
                .isEqualTo("→ " + "t".repeat(160) + "… " + "x".repeat(159) + "…\n");
        assertThat(text(
                        "tool.execution.completed",
                        "{'call':{'tool':'get'},'outcome':'failed','code':'\\u001b[2J','duration_ms':5}"))
                .isEqualTo("← get failed []  5 ms\n");
        assertThat(text("tool.execution.completed", "{}")).isEqualTo("←    0 ms\n");
    }

    @Test
    void anAnswerThatBeginsAnewIsWholeAgain() {
        assertThat(text("model.delta", "{'kind':'text','text':'Half an'}")).isEqualTo("  │ Half an");
        assertThat(printer.event(json("{'type':'attempt.started','attempt':2,'worker_id':'w2','payload':{}}")))
                .startsWith("\n! attempt 2, on w2");
        assertThat(text("turn.checkpointed", "{'message':{'text':'Half an answer'}}"))
                .isEqualTo("  │ Half an answer");
        assertThat(text("turn.failed", "{'content':{},'failure':{'code':'timeout','message':'Too slow\\u001b[2J'}}"))
                .startsWith("\n✘ Too slow")
                .endsWith(" [timeout]\n")
                .doesNotContain("\u001b[2J");
    }

    @Test
    void saysWhyAPhaseAndARunFailed() {
        assertThat(
                        text(
                                "build.phase.completed",
                                "{'phase':'lint','status':'timed_out','duration_ms':5,'failure':{'message':'took longer than 5 ms'}}"))
                .isEqualTo("✘ lint timed out  5 ms\n  took longer than 5 ms\n");
        assertThat(text("build.phase.completed", "{'phase':'lint','status':'failed','exit_code':3,'duration_ms':5}"))
                .isEqualTo("✘ lint failed, exit code 3  5 ms\n");
        assertThat(text("run.completed", "{'outcome':'failed','failure':{'message':'lint failed'}}"))
                .endsWith("\n  lint failed\n");
        assertThat(printer.outcome()).contains("failed");
    }

    @Test
    void aLineThatGoesOnIsOneLineUnlessSomethingComesBetween() {
        assertThat(line("stdout", "partial", "Password: ")).isEqualTo("  │ Password: ");
        assertThat(line("stdout", "newline", "given")).isEqualTo("given\n");

        assertThat(line("stdout", "split", "long ")).isEqualTo("  │ long ");
        assertThat(line("stderr", "newline", "warning")).isEqualTo("\n  │ warning\n");
        assertThat(line("stdout", "newline", "rest")).isEqualTo("  │ rest\n");

        assertThat(line("stdout", "partial", "half")).isEqualTo("  │ half");
        assertThat(text("build.phase.completed", "{'phase':'p','status':'succeeded','duration_ms':1}"))
                .isEqualTo("\n✔ p  1 ms\n");
    }

    @Test
    void aSecondAttemptIsToldAsOne() {
        assertThat(printer.event(json("{'type':'attempt.started','attempt':2,'worker_id':'w2','payload':{}}")))
                .startsWith("! attempt 2, on w2");
        assertThat(text("stage.redispatched", "{'reason':'silence'}")).contains("silent");
    }

    @Test
    void anEventOfALaterReleaseIsNamed() {
        assertThat(text("artifact.published", "{}")).isEqualTo("· artifact.published\n");
    }

    @Test
    void gapsAndResetsAreNotHidden() {
        assertThat(printer.control("stream.gap", json("{'from':1,'to':9}")))
                .startsWith("! events 1 to 9 are no longer kept");
        assertThat(printer.control("stream.reset", json("{'reason':'recreated'}")))
                .contains("recreated");
        assertThat(printer.control("stream.open", json("{}"))).isEmpty();
        assertThat(printer.control("run.notice", json("{'type':'run.cancel.requested'}")))
                .isEqualTo("· cancellation is on its way\n");
        assertThat(printer.control("run.notice", json("{'type':'run.progress'}")))
                .isEmpty();
    }

    @Test
    void nothingFromARunReachesTheTerminalUnchecked() {
        assertThat(text("stage.aborted", "{'message':'a\\u001b[2Jb'}")).isEqualTo("! ended by force: ab\n");
        assertThat(text("build.phase.started", "{'title':'\\u001b]0;x\\u0007T','index':1,'phases':1}"))
                .isEqualTo("▶ T  1/1\n");
    }

    private String text(String type, String payload) {
        return printer.event(
                json("{'type':'" + type + "','run_id':'r1','attempt':1,'worker_id':'w1','payload':" + payload + "}"));
    }

    private String line(String stream, String end, String text) {
        return text(
                "console.line", "{'phase':'p','stream':'" + stream + "','end':'" + end + "','text':'" + text + "'}");
    }

    private static JsonNode json(String singleQuoted) {
        try {
            return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
