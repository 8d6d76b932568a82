package io.tailrace.gateway.repository;

import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.text.Excerpt;
import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.chunk.Chunker;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.log.StoredContents;
import io.tailrace.knowledge.text.Block;
import io.tailrace.knowledge.text.DocumentText;
import io.tailrace.knowledge.text.Extraction;
import io.tailrace.knowledge.text.TextExtractor;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes of a document what the log has of it: text, chunks, vectors. That keeps a processor busy, some 10 to 50 ms for each
 * chunk with a model of this machine, so it is done on {@link BusyThreads}. Blocks; thread-safe.
 */
final class DocumentIntake {
    static final int MAX_TITLE = 300;

    private final TextExtractor extractor;
    private final EmbeddingModels models;
    private final BusyThreads threads;
    private final InstantSource clock;

    DocumentIntake(TextExtractor extractor, EmbeddingModels models, BusyThreads threads, InstantSource clock) {
        this.extractor = extractor;
        this.models = models;
        this.threads = threads;
        this.clock = clock;
    }

    /** @throws io.tailrace.gateway.problem.RunProblem if the document has no text for us, or could not be read */
    RepositoryChange read(RepositoryLog log, SentDocument sent) throws InterruptedException {
        return threads.run(() -> readHere(log, sent));
    }

    private RepositoryChange readHere(RepositoryLog log, SentDocument sent) {
        DocumentText document = switch (extractor.extract(sent.format(), sent.bytes())) {
            case Extraction.Extracted extracted -> extracted.document();
            case Extraction.Refused refused ->
                throw KnowledgeProblem.refused(refused.reason().code(), refused.detail());
            case Extraction.Unavailable unavailable -> throw KnowledgeProblem.notRead(unavailable.detail());
        };
        List<Chunk> chunks = new Chunker(log.chunkLimits()).chunk(document);
        DocumentPut put = new DocumentPut(
                title(sent, document),
                sent.format().mediaType(),
                sent.digest(),
                sent.bytes().length,
                StoredContents.of(chunks, models.of(log, chunks)));
        return new RepositoryChange(log.name(), sent.id(), clock.instant(), put);
    }

    private static String title(SentDocument sent, DocumentText document) {
        String title = sent.title()
                .orElseGet(() -> document.blocks().stream()
                        .filter(Block.Heading.class::isInstance)
                        .map(it -> ((Block.Heading) it).title().strip())
                        .filter(it -> !it.isEmpty())
                        .findFirst()
                        .orElse(sent.id()));
        return Excerpt.beginning(title, MAX_TITLE);
    }
}
