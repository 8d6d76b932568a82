package io.tailrace.gateway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.RepositoryDefinition.Model;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.knowledge.embed.EmbeddingModel;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.text.DocumentFormat;
import io.tailrace.knowledge.text.ExtractionLimits;
import io.tailrace.knowledge.text.PdfProcess;
import io.tailrace.knowledge.text.TextExtractor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Documents whose embedding keeps a processor busy. */
class DocumentIntakeTest {
    private static final RepositoryLog LOG = new RepositoryLog(
            new WorkspaceId("w"), "r", 1, new Shape("english", Optional.of(new Model("busy", 2)), 100));

    /** A model that thinks until it is told that it has. */
    private static final class Busy implements Embeddings {
        volatile boolean enough;

        @Override
        public EmbeddingModel model() {
            return new EmbeddingModel("busy", 2, 100, 8);
        }

        @Override
        public List<Vector> embed(List<String> texts) {
            while (!enough) {
                Thread.onSpinWait();
            }
            return texts.stream().map(_ -> Vector.of(new float[] {1, 0})).toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void moreUploadsThanProcessorsStopNoStream() throws Exception {
        Busy model = new Busy();
        CountDownLatch streamed = new CountDownLatch(1);
        try (BusyThreads threads = new BusyThreads("busy-", BusyThreads.half());
                ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            DocumentIntake intake = new DocumentIntake(
                    new TextExtractor(ExtractionLimits.DEFAULT, PdfProcess.ofThisProgram(64)),
                    new EmbeddingModels(new InstalledEmbeddings(List.of(model))),
                    threads,
                    Clock.systemUTC());
            List<Future<RepositoryChange>> uploads = new ArrayList<>();
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                SentDocument document = new SentDocument(
                        "d" + i, Optional.empty(), DocumentFormat.PLAIN, "words".getBytes(StandardCharsets.UTF_8));
                uploads.add(requests.submit(() -> intake.read(LOG, document)));
            }
            // Most likely they have all begun by then; another virtual thread has to be heard of all the same.
            Thread.sleep(500);
            var _ = requests.submit(streamed::countDown);
            boolean heard = streamed.await(20, TimeUnit.SECONDS);
            model.enough = true;
            assertThat(heard).isTrue();
            for (Future<RepositoryChange> upload : uploads) {
                assertThat(upload.get().what()).isInstanceOf(RepositoryChange.DocumentPut.class);
            }
        }
    }
}
