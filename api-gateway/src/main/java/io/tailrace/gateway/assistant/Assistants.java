package io.tailrace.gateway.assistant;

import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.assistant.AssistantCatalogue.KnownAssistant;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.problem.AssistantProblem;
import io.tailrace.gateway.problem.FieldFinding;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.CanonicalDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The assistants of all workspaces: stored, deleted, looked up. Every answer is at least as new as its question, be it that
 * another gateway wrote. Versions are numbered without gaps; where two gateways write one number, the first in the log has
 * it and the other takes the next. Blocks the caller, bounded; for virtual threads. Thread-safe.
 */
final class Assistants {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TRIES = 5;

    private final AssistantCatalogue catalogue;
    private final Definitions definitions;
    private final AssistantWriter writer;
    private final SurroundingsCheck surroundings;
    private final InstantSource clock;
    private final Duration within;
    private final ReentrantLock writing = new ReentrantLock();

    /** @param within how long a change waits for others of this gateway */
    Assistants(
            AssistantCatalogue catalogue,
            Definitions definitions,
            AssistantWriter writer,
            SurroundingsCheck surroundings,
            InstantSource clock,
            Duration within) {
        this.catalogue = catalogue;
        this.definitions = definitions;
        this.writer = writer;
        this.surroundings = surroundings;
        this.clock = clock;
        this.within = within;
    }

    /** @param effect whether it is new under its name, a new version, or what it was */
    record Stored(KnownAssistant assistant, Effect effect, List<FieldFinding> warnings) {}

    /** What storing an assistant has done. */
    enum Effect {
        CREATED,
        CHANGED,
        UNCHANGED
    }

    /**
     * Stores a definition as the newest version; one that is that already stays what it is.
     *
     * @throws InvalidInput if it is none at all
     * @throws RunProblem {@code invalid_assistant} with all that is wrong
     */
    Stored put(WorkspaceId workspace, String name, @Nullable Object tree) throws InterruptedException, InvalidInput {
        definitions.catchUp();
        Findings findings = new Findings();
        Draft draft = DocumentReader.read(tree, findings);
        ReferenceCheck.check(draft, findings);
        surroundings.check(workspace, draft, findings);
        if (findings.hasErrors()) {
            throw AssistantProblem.invalid(findings.errors());
        }
        String document = JSON.writeValueAsString(tree);
        String digest = CanonicalDigest.of(tree);
        begin();
        try {
            for (int i = 0; i < TRIES; i++) {
                Optional<KnownAssistant> before = catalogue.find(workspace, name, OptionalInt.empty());
                if (before.isPresent() && digest.equals(CanonicalDigest.of(AssistantJson.definition(before.get())))) {
                    return new Stored(before.get(), Effect.UNCHANGED, findings.warnings());
                }
                Optional<Definition> written = write(workspace, name, Optional.of(document));
                if (written.isPresent()) {
                    return new Stored(
                            new KnownAssistant(
                                    workspace,
                                    name,
                                    version(written.get()),
                                    document,
                                    written.get().recordedAt()),
                            before.isPresent() ? Effect.CHANGED : Effect.CREATED,
                            findings.warnings());
                }
            }
        } finally {
            writing.unlock();
        }
        throw AssistantProblem.changedMeanwhile(name);
    }

    /**
     * Deletes an assistant in all its versions. Runs that were made of it go on.
     *
     * @throws RunProblem {@code unknown_assistant} if there surely is none
     */
    void delete(WorkspaceId workspace, String name) throws InterruptedException {
        begin();
        try {
            for (int i = 0; i < TRIES; i++) {
                var _ = require(workspace, new AssistantName(name, OptionalInt.empty()));
                if (write(workspace, name, Optional.empty()).isPresent()) {
                    return;
                }
            }
        } finally {
            writing.unlock();
        }
        throw AssistantProblem.changedMeanwhile(name);
    }

    private void begin() throws InterruptedException {
        if (!writing.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
            throw RunProblem.catalogueBehind();
        }
    }

    /**
     * Writes the next version, and reads it again. Empty if another gateway was quicker with this number. Before, it says
     * again what counts where such a loser's record is the last of its key: the log keeps the last.
     */
    private Optional<Definition> write(WorkspaceId workspace, String name, Optional<String> document)
            throws InterruptedException {
        for (Definition first : catalogue.contested(workspace, name)) {
            long _ = writer.write(first);
        }
        int version = Math.addExact(catalogue.lastVersion(workspace, name), 1);
        AssistantDefinition wanted = new AssistantDefinition(version, document);
        definitions.awaitOffset(writer.write(Definition.assistant(workspace, name, clock.instant(), wanted)) + 1);
        Definition counts = catalogue.recorded(workspace, name, version).orElseThrow(RunProblem::catalogueBehind);
        if (counts.resource().equals(wanted)) {
            return Optional.of(counts);
        }
        // Nothing may be lost, even if this process ends before it tries again.
        long _ = writer.write(counts);
        return Optional.empty();
    }

    private static int version(Definition definition) {
        return ((AssistantDefinition) definition.resource()).version();
    }

    /** @throws RunProblem {@code unknown_assistant} if there surely is none */
    KnownAssistant require(WorkspaceId workspace, AssistantName name) throws InterruptedException {
        return find(workspace, name).orElseThrow(() -> AssistantProblem.unknownAssistant(workspace, name.toString()));
    }

    /** An assistant; empty if there surely is none. */
    Optional<KnownAssistant> find(WorkspaceId workspace, AssistantName name) throws InterruptedException {
        definitions.catchUp();
        return catalogue.find(workspace, name.name(), name.version());
    }

    /** The assistants of a workspace, by name. */
    List<KnownAssistant> of(WorkspaceId workspace) throws InterruptedException {
        definitions.catchUp();
        return catalogue.of(workspace);
    }

    /**
     * What a stored definition says, with what is wrong with it today: what it refers to may have gone. Empty if there are
     * errors.
     */
    Optional<AssistantDocument> check(KnownAssistant assistant, Findings findings) {
        Optional<Draft> draft =
                findings.attempt(() -> DocumentReader.read(AssistantJson.definition(assistant), findings));
        draft.ifPresent(it -> {
            ReferenceCheck.check(it, findings);
            surroundings.check(assistant.workspace(), it, findings);
        });
        return findings.hasErrors() ? Optional.empty() : draft.map(Draft::document);
    }
}
