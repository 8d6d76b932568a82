package io.tailrace.turn.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.RepositoryDefinition.Model;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.knowledge.RepositoryChange.DocumentDeleted;
import io.tailrace.events.knowledge.RepositoryChange.DocumentPut;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.events.stage.TurnFact.RetrievedChunk;
import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.EmbeddingModel;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.HashedEmbeddings;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.log.StoredContents;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.testing.TestLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retrievals from repositories whose logs lie on a real broker. */
@Timeout(120)
class RepositoryKnowledgeTest {
    private static final long ROOM = 8_000;

    @TempDir
    Path folder;

    private final EventCodec codec = new EventCodec();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HashedEmbeddings hashed = new HashedEmbeddings();
    private final InstalledEmbeddings models = new InstalledEmbeddings(List.of(hashed));
    private final StopSignal stop = new StopSignal();
    private final WorkspaceId workspace =
            new WorkspaceId("w" + UUID.randomUUID().toString().substring(0, 8));
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RepositoryLog handbook = log("handbook");
    private final RepositoryLog faq = log("faq");
    private TestLog log;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", log.servers()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
        producer.close();
        log.close();
    }

    @Test
    void twoWorkersFindTheSameInTheSameOrderWithTheSameScores() throws Exception {
        Repositories stepwiseIndexes = indexes("a", InstantSource.system());
        Knowledge stepwise = knowledge(stepwiseIndexes, Duration.ofSeconds(60));
        long handbookVersion = 0;
        for (int i = 0; i < 12; i++) {
            handbookVersion = put(handbook, "d" + i % 5, "kettle boils water " + "tea ".repeat(i) + "number " + i);
            if (i % 4 == 0) {
                find(stepwise, SearchType.HYBRID, source(7, handbook, handbookVersion));
            }
        }
        delete(handbook, "d3");
        long faqVersion = put(faq, "q", "why does the kettle boil");
        put(handbook, "late", "kettle kettle kettle kettle");
        put(faq, "late", "kettle kettle kettle kettle");
        Knowledge atOnce = knowledge(indexes("b", InstantSource.system()), Duration.ofSeconds(60));

        for (SearchType type : SearchType.values()) {
            Source[] sources = {source(7, handbook, handbookVersion), source(3, faq, faqVersion)};
            Retrieved one = find(stepwise, type, sources).orElseThrow();

            assertThat(find(atOnce, type, sources)).contains(one);
            assertThat(one.fact().chunks())
                    .as("%s", type)
                    .isNotEmpty()
                    .extracting(RetrievedChunk::document)
                    .doesNotContain("late");
            if (type != SearchType.VECTOR) {
                assertThat(one.fact().chunks())
                        .extracting(RetrievedChunk::document)
                        .containsExactlyInAnyOrder("d0", "d1", "d2", "d3", "d4", "q");
                assertThat(one.fact().chunks().subList(0, 2))
                        .extracting(RetrievedChunk::repository)
                        .containsExactly(7, 3);
                assertThat(one.fact().documents()).isEqualTo(6);
            }
        }
        assertThat(registry.get("tailrace.turns.retrieval").timer().count()).isEqualTo(9);
    }

    @Test
    void thePassagesNameTheirSources() throws Exception {
        long version = put(handbook, "guides/kettle", "kettle boils water");

        Retrieved found = find(SearchType.KEYWORD, source(7, handbook, version)).orElseThrow();

        assertThat(found.passages())
                .singleElement()
                .asString()
                .endsWith("[1] About guides/kettle (document guides/kettle of handbook) > Top\nkettle boils water");
        assertThat(found.fact().relevanceScore()).isBetween(0.3, 1.0);
        assertThat(found.fact().tokens()).isEqualTo(3);
    }

    /** Its documents are deleted before it is: the versions before stay readable. */
    @Test
    void aRepositoryThatWasDeletedMeanwhileStillAnswersAtItsVersion() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        delete(handbook, "kettle");

        assertThat(find(SearchType.KEYWORD, source(7, handbook, version))
                        .orElseThrow()
                        .fact()
                        .chunks())
                .hasSize(1);
    }

    @Test
    void aRepositoryThatWasEmptyHasNothing() throws Exception {
        put(handbook, "kettle", "kettle boils water");

        Retrieved found = find(SearchType.KEYWORD, source(7, handbook, -1)).orElseThrow();

        assertThat(found.passages()).isEmpty();
        assertThat(found.fact().chunks()).isEmpty();
    }

    @Test
    void aVersionThatIsNoLongerKeptFailsTheTurnAndARetryMaySucceed() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        put(handbook, "kettle", "kettle is gone");
        Knowledge later =
                knowledge(indexes("a", () -> Instant.now().plus(Duration.ofDays(30))), Duration.ofSeconds(60));

        RetrievalRefused refused = catchThrowableOfType(
                RetrievalRefused.class, () -> find(later, SearchType.KEYWORD, source(7, handbook, version)));

        assertThat(refused.failure().code()).isEqualTo("knowledge_version_forgotten");
        assertThat(refused.failure().recoverable()).isTrue();
        assertThat(registry.get("tailrace.turns.retrieval.failures")
                        .tag("code", "knowledge_version_forgotten")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    /** Forged, or of an end of the log that was lost: no worker will ever have it. */
    @Test
    void aVersionThatTheLogHasNotFailsTheTurnAndIsNotGivenBack() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        Knowledge knowledge = knowledge(indexes("a", InstantSource.system()), Duration.ofSeconds(10));

        RetrievalRefused refused = catchThrowableOfType(
                RetrievalRefused.class,
                () -> find(knowledge, SearchType.KEYWORD, source(7, handbook, version + 1_000_000)));

        assertThat(refused.failure().code()).isEqualTo("knowledge_version_unknown");
        assertThat(refused.failure().recoverable()).isTrue();
        assertThat(Long.parseLong(refused.failure().details().get("newest"))).isGreaterThanOrEqualTo(version);
    }

    @Test
    void aVersionThatComesInTimeIsWaitedFor() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        Knowledge knowledge = knowledge(indexes("a", InstantSource.system()), Duration.ofSeconds(60));
        CompletableFuture<Optional<Retrieved>> found = CompletableFuture.supplyAsync(() -> {
            try {
                return find(knowledge, SearchType.KEYWORD, source(7, handbook, version + 1));
            } catch (RetrievalRefused e) {
                throw new CompletionException(e);
            }
        });
        await().during(Duration.ofMillis(500)).until(() -> !found.isDone());

        put(handbook, "tea", "the kettle makes tea");

        assertThat(found.get(30, TimeUnit.SECONDS)).isPresent();
    }

    /** The index is not there in time: others may do better. */
    @Test
    void aVersionThatCannotBeReadInTimeIsTroubleOfTheLog() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        Knowledge knowledge = knowledge(indexes("a", InstantSource.system()), Duration.ofMillis(1));

        assertThatThrownBy(() -> find(knowledge, SearchType.KEYWORD, source(7, handbook, version)))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("handbook");
    }

    @Test
    void aStopEndsTheWaiting() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        Knowledge knowledge = knowledge(indexes("a", InstantSource.system()), Duration.ofMinutes(10));
        Thread canceler = Thread.ofVirtual().unstarted(() -> stop.stop(StopReason.CANCELED));

        canceler.start();

        assertThat(find(knowledge, SearchType.KEYWORD, source(7, handbook, version + 1_000_000)))
                .isEmpty();
    }

    @Test
    void aStopIsObeyedAtOnceWhateverIsBeingDone() throws Exception {
        CountDownLatch embeds = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Embeddings slow = new Embeddings() {
            @Override
            public EmbeddingModel model() {
                return hashed.model();
            }

            @Override
            public List<Vector> embed(List<String> texts) {
                embeds.countDown();
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return hashed.embed(texts);
            }

            @Override
            public void close() {}
        };
        Knowledge knowledge = knowledge(
                indexes("a", InstantSource.system()), new InstalledEmbeddings(List.of(slow)), Duration.ofMinutes(10));
        Thread canceler = Thread.ofVirtual().start(() -> {
            try {
                embeds.await();
                stop.stop(StopReason.CANCELED);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        Optional<Retrieved> found = find(knowledge, SearchType.VECTOR, source(7, handbook, 0));

        assertThat(found).isEmpty();
        goesOn.countDown();
        canceler.join();
    }

    /** One index may be open at a time, and four turns need two. */
    @Test
    void turnsWaitForAPlaceAmongTheOpenIndexes() throws Exception {
        long first = put(handbook, "kettle", "kettle boils water");
        long second = put(faq, "q", "why does the kettle boil");
        KafkaLogAccess access = new KafkaLogAccess(KafkaClients.at(log.servers()), "test-narrow");
        open.add(access);
        Repositories narrow = new Repositories(
                folder.resolve("narrow"), access, codec, TestLog.TOPICS.partitions(), 1, InstantSource.system());
        open.add(narrow);
        Knowledge knowledge = knowledge(narrow, models, Duration.ofSeconds(60));
        List<Future<Optional<Retrieved>>> turns = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                turns.add(threads.submit(
                        () -> find(knowledge, SearchType.KEYWORD, source(7, handbook, first), source(3, faq, second))));
            }
        }

        Retrieved one = turns.getFirst().get().orElseThrow();
        assertThat(one.fact().chunks()).hasSize(2);
        for (Future<Optional<Retrieved>> turn : turns) {
            assertThat(turn.get()).contains(one);
        }
    }

    @Test
    void aModelThatIsNotHereFailsTheTurn() throws Exception {
        RepositoryLog other = new RepositoryLog(
                workspace, "other", 1, new Shape("english", Optional.of(new Model("some-model", 16)), 100));
        RepositoryLog longer = new RepositoryLog(
                workspace, "longer", 1, new Shape("english", Optional.of(new Model("hashed-words-1", 32)), 100));
        RepositoryLog none = new RepositoryLog(workspace, "none", 1, new Shape("english", Optional.empty(), 100));

        assertThat(refusal(SearchType.VECTOR, other)).isEqualTo("embedding_model_unknown");
        assertThat(refusal(SearchType.HYBRID, longer)).isEqualTo("embedding_model_unknown");
        assertThat(refusal(SearchType.HYBRID, none)).isEqualTo("repository_without_model");
    }

    @Test
    void aLanguageThatThisReleaseDoesNotKnowFailsTheTurn() throws Exception {
        RepositoryLog elvish = new RepositoryLog(workspace, "tales", 1, new Shape("elvish", Optional.empty(), 100));

        assertThat(refusal(SearchType.KEYWORD, elvish)).isEqualTo("knowledge_language_unknown");
    }

    @Test
    void aRepositoryThatWasMadeAnewHasNothingOfTheOneBefore() throws Exception {
        put(handbook, "kettle", "kettle boils water");
        RepositoryLog next = new RepositoryLog(workspace, "handbook", 2, handbook.shape());
        long version = put(next, "new", "kettle boils milk");

        assertThat(find(SearchType.KEYWORD, source(7, next, version))
                        .orElseThrow()
                        .fact()
                        .chunks())
                .extracting(RetrievedChunk::document)
                .containsExactly("new");
    }

    @Test
    void ofALongQuestionTheBeginningIsAsked() throws Exception {
        long version = put(handbook, "kettle", "kettle boils water");
        String longQuestion = " \n".repeat(5_000) + "kettle" + "😀".repeat(Question.MAX_CHARACTERS);
        Knowledge knowledge = knowledge(indexes("a", InstantSource.system()), Duration.ofSeconds(60));

        Optional<Retrieved> found = knowledge.retrieve(
                workspace, retrieval(SearchType.HYBRID, source(7, handbook, version)), longQuestion, ROOM, stop);

        assertThat(found.orElseThrow().fact().chunks()).hasSize(1);
    }

    @Test
    void anIndexThatNobodyAsksIsRemoved() throws Exception {
        long first = put(handbook, "kettle", "kettle boils water");
        long second = put(faq, "q", "why does the kettle boil");
        Instant[] now = {Instant.now()};
        Repositories repositories = indexes("a", InstantSource.system());
        Knowledge knowledge = new RepositoryKnowledge(
                repositories,
                models,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                () -> now[0],
                System::nanoTime,
                registry);
        find(knowledge, SearchType.KEYWORD, source(7, handbook, first));
        assertThat(folders("a")).hasSize(1);

        now[0] = now[0].plus(Duration.ofHours(2));
        find(knowledge, SearchType.KEYWORD, source(3, faq, second));

        assertThat(folders("a")).hasSize(1);
        assertThat(find(knowledge, SearchType.KEYWORD, source(7, handbook, first)))
                .as("it is built anew")
                .isPresent();
    }

    private List<Path> folders(String name) throws Exception {
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            return all.toList();
        }
    }

    private String refusal(SearchType type, RepositoryLog repository) {
        return catchThrowableOfType(RetrievalRefused.class, () -> find(type, source(7, repository, 0)))
                .failure()
                .code();
    }

    private Optional<Retrieved> find(SearchType type, Source... sources) throws RetrievalRefused {
        return find(knowledge(indexes("a", InstantSource.system()), Duration.ofSeconds(60)), type, sources);
    }

    private Optional<Retrieved> find(Knowledge knowledge, SearchType type, Source... sources) throws RetrievalRefused {
        return knowledge.retrieve(workspace, retrieval(type, sources), "How does a kettle boil?", ROOM, stop);
    }

    private static Retrieval retrieval(SearchType type, Source... sources) {
        return new Retrieval(List.of(sources), type, 8, 2000);
    }

    private Source source(int id, RepositoryLog of, long version) {
        return new Source(id, of.id(), of.generation(), of.shape(), version);
    }

    private RepositoryLog log(String id) {
        return new RepositoryLog(
                workspace, id, 1, new Shape("english", Optional.of(new Model("hashed-words-1", 16)), 100));
    }

    private Knowledge knowledge(Repositories repositories, Duration within) {
        return knowledge(repositories, models, within);
    }

    private Knowledge knowledge(Repositories repositories, InstalledEmbeddings with, Duration within) {
        return new RepositoryKnowledge(
                repositories, with, within, Duration.ofDays(1), InstantSource.system(), System::nanoTime, registry);
    }

    private Repositories indexes(String name, InstantSource clock) {
        KafkaLogAccess access = new KafkaLogAccess(KafkaClients.at(log.servers()), "test-" + name);
        open.add(access);
        Repositories repositories =
                new Repositories(folder.resolve(name), access, codec, TestLog.TOPICS.partitions(), 2, clock);
        open.add(repositories);
        return repositories;
    }

    private long put(RepositoryLog into, String document, String text) throws Exception {
        Chunk chunk = new Chunk(0, 0, text.length(), List.of("Top"), text, false);
        List<Vector> vectors = hashed.embed(List.of(text));
        return append(
                into,
                document,
                new DocumentPut(
                        "About " + document,
                        "text/plain",
                        "digest",
                        text.length(),
                        StoredContents.of(List.of(chunk), vectors)));
    }

    private long delete(RepositoryLog from, String document) throws Exception {
        return append(from, document, new DocumentDeleted());
    }

    private long append(RepositoryLog to, String document, RepositoryChange.What what) throws Exception {
        RepositoryChange change = new RepositoryChange(to.name(), document, Instant.EPOCH, what);
        return producer.send(new KafkaRecords(codec).repositoryChange(change, TestLog.TOPICS.partitions()))
                .get()
                .offset();
    }
}
