package io.tailrace.gateway.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.ScriptedProviders;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway with providers and a stand-in for the coordinator, and what runs of assistants need. */
final class AssistantGateway implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();

    final TestGateway gateway;
    final ScriptedCoordinator coordinator;

    AssistantGateway() {
        String brokers = TestKafka.shared().bootstrapServers();
        gateway = TestGateway.start("tailrace.gateway.repositories.answer-within=1m");
        ScriptedProviders.record(brokers, "worker", ScriptedProviders.scripted(), ScriptedProviders.company());
        coordinator = new ScriptedCoordinator(brokers, TestGateway.PARTITIONS);
    }

    /** A name that no other test has used. */
    static String unique() {
        return "n" + System.nanoTime() + "-" + NAMES.incrementAndGet();
    }

    /** The name of a new repository. */
    String repository(String settings) {
        return put("/v1/repositories/", settings);
    }

    /** The name of a new assistant. */
    String assistant(String document) {
        return put("/v1/assistants/", document);
    }

    private String put(String collection, String body) {
        String name = unique();
        Answer answer = gateway.send("PUT", collection + name, body, "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return name;
    }

    /** Stores a document. Answers the repository's version. */
    long store(String repository) {
        Answer stored = gateway.put(
                "/v1/repositories/" + repository + "/documents/" + unique(),
                "kettle".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "text/plain");
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        return stored.json().get("version").asLong();
    }

    /** What the gateway knows of a run. */
    RunView view(String run) throws InterruptedException {
        return gateway.context().getBean(RunDirectory.class).require(new RunId(run));
    }

    /** A prompt of a run. */
    static PromptStep step(RunView run, int index) {
        return (PromptStep) run.plan().steps().get(index);
    }

    @Override
    public void close() {
        coordinator.close();
        gateway.close();
    }
}
