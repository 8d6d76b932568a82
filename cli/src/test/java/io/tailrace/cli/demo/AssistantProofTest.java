package io.tailrace.cli.demo;

import static io.tailrace.cli.demo.Events.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.cli.demo.WorkerKill.Killed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AssistantProofTest {
    private static final DemoAssistant ASSISTANT = new DemoAssistant(
            "why?",
            json("{'prompts':[{'text':'a','script':{'text':'one'}},"
                    + "{'text':'b','script':{'steps':[{'tool_calls':[]},{'text':'two'}]}}]}"),
            new TreeMap<>());
    private static final List<WatchedEvent> LOG = log("true", "one", "succeeded");

    private static List<WatchedEvent> log(String repeated, String answer, String outcome) {
        return new Events()
                .add("s1", 1, "w1", "attempt.started", "{}")
                .add("s1", 1, "w1", "knowledge.retrieved", "{'chunks':[{'document':'a.md'},{'document':'a.md'}]}")
                .add("s1", 1, "w1", "turn.completed", "{'content':{'message':{'text':'" + answer + "'}}}")
                .add("s2", 1, "w1", "attempt.started", "{}")
                .add("s2", 1, "w1", "tool.execution.completed", "{'outcome':'succeeded','repeated':false}")
                .answer("s2", 1, "w1", "tw")
                .add("s2", 2, "w2", "attempt.started", "{'supersedes_from_sequence':4}")
                .add("s2", 2, "w2", "tool.execution.completed", "{'outcome':'succeeded','repeated':" + repeated + "}")
                .add("s2", 2, "w2", "turn.completed", "{'content':{'message':{'text':'two'}}}")
                .add("", 1, "", "run.completed", "{'outcome':'" + outcome + "'}")
                .list();
    }

    @Test
    void theDocumentsHaveTheOrderOfTheirNames() {
        TreeMap<String, byte[]> documents = new TreeMap<>();
        for (String name : List.of("c.md", "a.md", "d.md", "b.md")) {
            documents.put(name, new byte[0]);
        }
        assertThat(new DemoAssistant("why?", json("{}"), documents).names())
                .containsExactly("a.md", "b.md", "c.md", "d.md");
    }

    private static List<String> flaws(List<WatchedEvent> watched, List<WatchedEvent> logged) {
        Killed killed = new Killed("turn-worker-1", 7, LOG.get(3), 1);
        return new AssistantProof(ASSISTANT, watched, logged, Optional.of(killed)).flaws();
    }

    @Test
    void anAssistantThatWentAsItShouldHasNoFlaw() {
        assertThat(flaws(LOG, LOG)).isEmpty();
        assertThat(new AssistantProof(ASSISTANT, LOG, LOG, Optional.empty()).found())
                .containsExactly("a.md");
    }

    @Test
    void whatIsNotAsTheDemoSaysIsAFlaw() {
        List<WatchedEvent> missed = new ArrayList<>(LOG);
        missed.remove(2);
        assertThat(flaws(missed, LOG))
                .singleElement()
                .asString()
                .startsWith("The assistant's stream is NOT what the log has");
        List<WatchedEvent> failed = log("true", "one", "failed");
        assertThat(flaws(failed, failed)).containsExactly("The assistant has NOT succeeded: failed");
        List<WatchedEvent> cut = LOG.subList(0, LOG.size() - 1);
        assertThat(flaws(cut, cut)).containsExactly("The assistant has NOT succeeded: it has not ended");
        List<WatchedEvent> twice = log("false", "one", "succeeded");
        assertThat(flaws(twice, twice))
                .containsExactly("The tool was NOT executed once and its result taken again once: 2, 0");
        List<WatchedEvent> other = log("true", "another", "succeeded");
        assertThat(flaws(other, other)).containsExactly("The answers are NOT those that were given: [another, two]");
        List<WatchedEvent> once = LOG.subList(0, 6);
        assertThat(flaws(once, once)).contains("There was NO second attempt after the kill");
        assertThat(new AssistantProof(ASSISTANT, LOG, LOG, Optional.empty()).flaws())
                .containsExactly("NO worker of the assistant was killed");
        List<WatchedEvent> unknown = LOG.stream()
                .map(it -> it.type().equals("knowledge.retrieved")
                        ? new WatchedEvent(
                                it.sequence(),
                                it.type(),
                                it.eventId(),
                                it.stage(),
                                it.attempt(),
                                it.worker(),
                                json("{'chunks':[]}"),
                                it.occurredAt())
                        : it)
                .toList();
        assertThat(flaws(unknown, unknown)).containsExactly("NO document was found for the first prompt");
    }

    @Test
    void theFileHasAnAnswerThatIsLongEnoughToBeCutInTheMiddleAndATool() throws Exception {
        DemoAssistant demo = DemoAssistant.read(Path.of("..").toAbsolutePath().normalize());
        assertThat(demo.documents()).containsKeys("workers.md", "resuming.md", "kitchen.md");
        assertThat(demo.answers()).hasSize(3).allSatisfy(it -> assertThat(it).isNotBlank());
        assertThat(demo.answers().get(1).split(" ")).hasSizeGreaterThan(30);
        assertThat(demo.definition().at("/prompts/1/tools/0/type").asText()).isEqualTo("search");
        assertThat(demo.interrupted())
                .isEqualTo(demo.definition().at("/prompts/1/text").asText());
    }
}
