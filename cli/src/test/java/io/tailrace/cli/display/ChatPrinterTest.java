package io.tailrace.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ChatPrinterTest {
    private final ChatPrinter printer = new ChatPrinter(false);

    private static JsonNode json(String singleQuoted) {
        try {
            return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private String event(String type, String payload) {
        return printer.event(json("{'type':'" + type + "','attempt':1,'payload':" + payload + "}"));
    }

    private String delta(String kind, String text) {
        return event("model.delta", "{'kind':'" + kind + "','text':'" + text + "'}");
    }

    @Test
    void deltasAreWrittenAsTheyComeWithTheirLineEnds() {
        assertThat(delta("text", "one\\ntw")).isEqualTo("one\ntw");
        assertThat(delta("text", "o\\n")).isEqualTo("o\n");
        assertThat(event("turn.completed", "{'content':{'message':{'text':'one\\ntwo\\n'},'duration_ms':5}}"))
                .isEqualTo("· 5 ms\n");
    }

    @Test
    void reasoningAndToolCallsStandOnLinesOfTheirOwn() {
        assertThat(delta("reasoning", "hm")).isEqualTo("hm");
        assertThat(delta("text", "So")).isEqualTo("\nSo");
        assertThat(event("model.delta", "{'kind':'tool_call','text':'{','tool_call':{'index':0,'name':'search'}}"))
                .isEqualTo("\n· calls search\n");
        assertThat(event("model.delta", "{'kind':'tool_call','text':'}','tool_call':{'index':0}}"))
                .isEmpty();
        String more = "{'kind':'tool_call','text':' ','tool_call':{'index':0,'name':'search'}}";
        assertThat(event("model.delta", more))
                .as("every delta may have the name")
                .isEmpty();
    }

    @Test
    void afterCallsOfToolsTheAnswerBeginsAnewAndEachCallHasItsLines() {
        delta("text", "Let me look");
        assertThat(event("tool.calls.requested", "{'round':1,'message':{'text':'Let me look.'}}"))
                .isEqualTo(".\n");
        assertThat(event("tool.execution.started", "{'call':{'tool':'get'},'arguments':'{}'}"))
                .isEqualTo("→ get {}\n");
        assertThat(event("tool.execution.completed", "{'call':{'tool':'get'},'outcome':'succeeded','duration_ms':5}"))
                .isEqualTo("← get succeeded  5 ms\n");
        assertThat(delta("text", "Found")).isEqualTo("Found");
        assertThat(event("turn.checkpointed", "{'message':{'text':'Found it.'}}"))
                .isEqualTo(" it.");
    }

    @Test
    void whatACheckpointHasMoreThanTheDeltasIsWritten() {
        event("attempt.started", "{}");
        assertThat(event("turn.checkpointed", "{'message':{'text':'kept '}}")).isEqualTo("kept ");
        assertThat(delta("text", "and new")).isEqualTo("and new");
        assertThat(event("turn.checkpointed", "{'message':{'text':'kept and new'}}"))
                .isEmpty();
    }

    @Test
    void theQuestionIsShownOnceThoughItIsAnsweredTwice() {
        assertThat(event("turn.started", "{'text':'a\\nb'}")).isEqualTo("> a\n  b\n");
        assertThat(printer.event(json("{'type':'turn.started','attempt':2,'payload':{'text':'a'}}")))
                .isEmpty();
        printer.typed("mine");
        assertThat(event("turn.started", "{'text':'mine'}")).isEmpty();
        assertThat(event("turn.started", "{'text':'mine'}")).isEqualTo("> mine\n");
    }

    @Test
    void aRunningTurnThatWasReadBackGoesOn() {
        assertThat(printer.past(json("{'status':'running','user':{'text':'q'},'assistant':{'text':'Hel'}}")))
                .isEqualTo("> q\nHel");
        assertThat(delta("text", "lo")).isEqualTo("lo");
        assertThat(event("stage.aborted", "{'message':'too slow'}")).isEqualTo("\n! ended by force: too slow\n");
    }

    @Test
    void whatARunningTurnThatWasReadBackLacksIsWrittenThoughOthersWereReadBackBefore() {
        String before = printer.past(json("{'status':'succeeded','user':{'text':'p'},'assistant':{'text':'Yes.'}}"));
        assertThat(before).isEqualTo("> p\nYes.\n");
        assertThat(printer.past(json("{'status':'running','user':{'text':'q'},'assistant':{'text':'Hel'}}")))
                .isEqualTo("> q\nHel");
        assertThat(event("turn.checkpointed", "{'message':{'text':'Hello'}}")).isEqualTo("lo");
    }

    @Test
    void nothingFromAModelReachesTheTerminalUnchecked() {
        assertThat(delta("text", "a\\u001b[2Jb\\u0007\\rc")).isEqualTo("abc");
        assertThat(delta("text", "\\u001b")).isEmpty();
        assertThat(delta("text", "[2J")).isEqualTo("[2J");
    }

    @Test
    void whatHappensBesideTheAnswerIsTold() {
        assertThat(printer.control("run.notice", json("{'type':'turn.cancel.requested','payload':{}}")))
                .isEqualTo("· cancellation is on its way\n");
        assertThat(printer.control("run.notice", json("{'type':'turn.rejected','payload':{'message':'no'}}")))
                .isEqualTo("! not answered: no\n");
        assertThat(printer.control("stream.gap", json("{'from':1,'to':9}"))).startsWith("! events 1 to 9");
        assertThat(printer.control("stream.open", json("{}"))).isEmpty();
        assertThat(event("run.completed", "{'outcome':'succeeded'}")).isEqualTo("■ the chat has ended: succeeded\n");
        assertThat(event("later.event", "{}")).isEmpty();
    }
}
