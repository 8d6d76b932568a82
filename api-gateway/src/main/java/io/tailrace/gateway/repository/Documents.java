package io.tailrace.gateway.repository;

import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.index.StoredDocument;
import io.tailrace.knowledge.log.RepositoryLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The documents of repositories: stored, deleted, listed. What is there already as it was sent is not stored again.
 * Blocks the caller, bounded; thread-safe.
 */
final class Documents {
    private final KnowledgeRepositories repositories;
    private final RepositoryWriter writer;
    private final DocumentIntake intake;

    Documents(KnowledgeRepositories repositories, RepositoryWriter writer, DocumentIntake intake) {
        this.repositories = repositories;
        this.writer = writer;
        this.intake = intake;
    }

    /** What became of a document. */
    sealed interface Outcome {
        String documentId();
    }

    /** It is there now. */
    record Stored(StoredDocument document, Effect effect) implements Outcome {
        @Override
        public String documentId() {
            return document.documentId();
        }
    }

    /** One of several is not taken; the others are. */
    record Refused(String documentId, RunProblem problem) implements Outcome {}

    /** What storing a document has done. */
    enum Effect {
        CREATED,
        REPLACED,
        UNCHANGED
    }

    Stored put(RepositoryLog log, SentDocument document) throws InterruptedException {
        return switch (putAll(log, List.of(document)).getFirst()) {
            case Stored stored -> stored;
            case Refused refused -> throw refused.problem();
        };
    }

    /** Stores documents in their order; of two with one id the later one stays. One that is refused keeps no other. */
    List<Outcome> putAll(RepositoryLog log, List<SentDocument> documents) throws InterruptedException {
        try (RepositoryView view = repositories.view(log, OptionalLong.empty())) {
            Map<String, Pending> sent = new HashMap<>();
            List<Pending> pending = new ArrayList<>();
            for (SentDocument document : documents) {
                Pending one = begin(log, view, document, Optional.ofNullable(sent.get(document.id())));
                if (!(one instanceof Failed)) {
                    sent.put(document.id(), one);
                }
                pending.add(one);
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Pending one : pending) {
                outcomes.add(one.outcome());
            }
            return outcomes;
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }

    /** A document whose storing has begun. */
    private sealed interface Pending {
        Optional<String> digest();

        Outcome outcome() throws InterruptedException;
    }

    private record There(StoredDocument document) implements Pending {
        @Override
        public Optional<String> digest() {
            return Optional.of(document.digest());
        }

        @Override
        public Outcome outcome() {
            return new Stored(document, Effect.UNCHANGED);
        }
    }

    /** Not with what was sent, of which a request may have a lot. */
    private record Sending(Described put, LogWriter.Sent sent, Effect effect) implements Pending {
        @Override
        public Optional<String> digest() {
            return Optional.of(put.digest());
        }

        @Override
        public Outcome outcome() throws InterruptedException {
            return new Stored(stored(), effect);
        }

        StoredDocument stored() throws InterruptedException {
            return new StoredDocument(put.id(), put.title(), put.digest(), sent.offset(), put.chunks());
        }
    }

    private record Described(String id, String title, String digest, int chunks) {
        static Described of(String id, DocumentPut put) {
            return new Described(id, put.title(), put.digest(), put.chunks().size());
        }
    }

    private record SentBefore(Sending before) implements Pending {
        @Override
        public Optional<String> digest() {
            return before.digest();
        }

        @Override
        public Outcome outcome() throws InterruptedException {
            return new Stored(before.stored(), Effect.UNCHANGED);
        }
    }

    private record Failed(String id, RunProblem problem) implements Pending {
        @Override
        public Optional<String> digest() {
            return Optional.empty();
        }

        @Override
        public Outcome outcome() {
            return new Refused(id, problem);
        }
    }

    private Pending begin(RepositoryLog log, RepositoryView view, SentDocument document, Optional<Pending> earlier)
            throws IOException, InterruptedException {
        Optional<Pending> current = earlier;
        if (current.isEmpty()) {
            current = view.document(document.id()).map(There::new);
        }
        if (current.flatMap(Pending::digest).equals(Optional.of(document.digest()))) {
            return switch (current.orElseThrow()) {
                case Sending sending -> new SentBefore(sending);
                case There there -> there;
                case SentBefore before -> before;
                case Failed failed -> failed;
            };
        }
        try {
            RepositoryChange change = intake.read(log, document);
            Effect effect = current.isPresent() ? Effect.REPLACED : Effect.CREATED;
            Described described = Described.of(document.id(), (DocumentPut) change.what());
            return new Sending(described, writer.send(change), effect);
        } catch (RunProblem problem) {
            if (problem.status() >= 500) {
                throw problem;
            }
            return new Failed(document.id(), problem);
        }
    }

    /**
     * Deletes a document. Returns the version that the repository is without it.
     *
     * @throws RunProblem {@code unknown_document} if there surely is none
     */
    long delete(RepositoryLog log, String document) throws InterruptedException {
        try (RepositoryView view = repositories.view(log, OptionalLong.empty())) {
            if (view.document(document).isEmpty()) {
                throw KnowledgeProblem.unknownDocument(log.id(), document);
            }
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
        return writer.send(repositories.deleted(log, document)).offset();
    }

    /** @param version of the repository */
    record Page(long version, List<StoredDocument> documents) {}

    /** Documents in the order of their ids. */
    Page page(RepositoryLog log, OptionalLong version, String after, int limit) throws InterruptedException {
        try (RepositoryView view = repositories.view(log, version)) {
            return new Page(view.version(), view.documents(after, limit));
        } catch (IOException e) {
            throw KnowledgeProblem.repositoryUnreadable(e);
        }
    }
}
