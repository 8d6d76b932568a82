package io.tailrace.cli.demo;

import io.tailrace.cli.demo.WorkerKill.Killed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the demo's assistant went as the demo says: what its watcher saw, beside the log. Pure.
 *
 * @param watched what came to the watcher, whose connection was cut
 * @param logged the run's events, read at the end
 */
record AssistantProof(
        DemoAssistant assistant, List<WatchedEvent> watched, List<WatchedEvent> logged, Optional<Killed> killed) {

    AssistantProof {
        watched = List.copyOf(watched);
        logged = List.copyOf(logged);
    }

    Optional<Takeover> takeover() {
        return killed.map(it -> new Takeover(it, logged));
    }

    /** What is not as it should be, for a person; empty when everything is. */
    List<String> flaws() {
        List<String> flaws = new ArrayList<>();
        new Comparison(watched, logged)
                .difference()
                .ifPresent(it -> flaws.add("The assistant's stream is NOT what the log has: " + it));
        String outcome = outcome();
        if (!outcome.equals("succeeded")) {
            flaws.add("The assistant has NOT succeeded: " + outcome);
        }
        if (!answers().equals(assistant.answers())) {
            flaws.add("The answers are NOT those that were given: " + answers());
        }
        if (found().isEmpty()) {
            flaws.add("NO document was found for the first prompt");
        }
        if (executed(false) != 1 || executed(true) != 1) {
            flaws.add("The tool was NOT executed once and its result taken again once: " + executed(false) + ", "
                    + executed(true));
        }
        takeover()
                .ifPresentOrElse(
                        it -> it.flaw().ifPresent(flaws::add),
                        () -> flaws.add("NO worker of the assistant was killed"));
        return flaws;
    }

    private String outcome() {
        return logged.stream()
                .filter(it -> it.type().equals("run.completed"))
                .map(it -> it.payload().path("outcome").asText())
                .findFirst()
                .orElse("it has not ended");
    }

    /** The answers of the prompts, each as its stage ended. */
    private List<String> answers() {
        return logged.stream()
                .filter(it -> it.type().equals("turn.completed"))
                .map(it -> it.payload().at("/content/message/text").asText())
                .toList();
    }

    /** The documents that the first prompt was told, in their order, each once. */
    List<String> found() {
        return logged.stream()
                .filter(it -> it.type().equals("knowledge.retrieved"))
                .flatMap(it -> it.payload().path("chunks").valueStream())
                .map(it -> it.path("document").asText())
                .distinct()
                .toList();
    }

    /** How often the tool was executed, or a result of before was taken. */
    private long executed(boolean repeated) {
        return logged.stream()
                .filter(it -> it.type().equals("tool.execution.completed"))
                .filter(it -> it.payload().path("outcome").asText().equalsIgnoreCase("succeeded"))
                .filter(it -> it.payload().path("repeated").asBoolean() == repeated)
                .count();
    }
}
