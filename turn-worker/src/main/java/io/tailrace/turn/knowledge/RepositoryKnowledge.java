package io.tailrace.turn.knowledge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;

/**
 * Searches this worker's indexes of the repositories' logs, one source after the other. A stop is obeyed at once: what is
 * being read then goes on for a moment on a thread of its own, for those who ask next. Thread-safe.
 */
final class RepositoryKnowledge implements Knowledge {
    private final SourceSearch search;
    private final RecentIndexes indexes;
    private final InstalledEmbeddings models;
    private final Duration within;
    private final LongSupplier nanoTime;
    private final RetrievalMetrics metrics;

    /**
     * Opens nothing yet.
     *
     * @param within how long a whole retrieval may take
     * @param keepUnused how long an index stays that nobody asks
     */
    RepositoryKnowledge(
            Repositories repositories,
            InstalledEmbeddings models,
            Duration within,
            Duration keepUnused,
            InstantSource clock,
            LongSupplier nanoTime,
            MeterRegistry registry) {
        this.search = new SourceSearch(repositories);
        this.indexes = new RecentIndexes(repositories, keepUnused, clock);
        this.models = models;
        this.within = within;
        this.nanoTime = nanoTime;
        this.metrics = new RetrievalMetrics(registry);
    }

    @Override
    public Optional<Retrieved> retrieve(
            WorkspaceId workspace, Retrieval retrieval, String question, long room, StopSignal stop)
            throws RetrievalRefused {
        long begin = nanoTime.getAsLong();
        try {
            Patience patience = new Patience(within, nanoTime, stop);
            CompletableFuture<Optional<Retrieved>> found = new CompletableFuture<>();
            Thread _ = Thread.ofVirtual().name("retrieval").start(() -> {
                try {
                    found.complete(find(workspace, retrieval, question, room, patience));
                } catch (RetrievalRefused | RuntimeException | Error e) {
                    found.completeExceptionally(e);
                }
            });
            return unlessStopped(found, patience);
        } catch (RetrievalRefused e) {
            metrics.failed(e.failure().code());
            throw e;
        } catch (RuntimeException e) {
            metrics.failed("knowledge_unreadable");
            throw e;
        } finally {
            metrics.took(Duration.ofNanos(nanoTime.getAsLong() - begin));
        }
    }

    private static Optional<Retrieved> unlessStopped(CompletableFuture<Optional<Retrieved>> found, Patience patience)
            throws RetrievalRefused {
        try {
            Object _ = CompletableFuture.anyOf(found, patience.stop()).get();
            return found.isDone() ? found.get() : Optional.empty();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RetrievalRefused refused -> throw refused;
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while repositories were searched", e);
        }
    }

    private Optional<Retrieved> find(
            WorkspaceId workspace, Retrieval retrieval, String question, long room, Patience patience)
            throws RetrievalRefused {
        QuestionMaker questions = new QuestionMaker(question, models);
        int limit = Math.clamp(retrieval.maxChunks(), 1, Retrieval.MAX_CHUNKS);
        List<List<FoundChunk>> rankings = new ArrayList<>();
        for (Source source : retrieval.sources()) {
            if (source.version() < 0) {
                continue;
            }
            if (RepositoryLog.language(source.shape().language()).isEmpty()) {
                throw RetrievalRefused.unknownLanguage(source);
            }
            Question asked = questions.of(source, retrieval.searchType());
            RepositoryLog log = new RepositoryLog(workspace, source.repository(), source.generation(), source.shape());
            indexes.asks(log);
            Optional<List<Hit>> hits = search.ask(log, source, asked, limit, patience);
            if (hits.isEmpty()) {
                return Optional.empty();
            }
            rankings.add(
                    hits.get().stream().map(it -> new FoundChunk(source, it)).toList());
        }
        return Optional.of(Passages.fitting(RankFusion.fused(rankings), limit, retrieval.maxTokens(), room));
    }
}
