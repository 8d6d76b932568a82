package io.tailrace.gateway.repository;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.knowledge.log.IndexRoot;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.text.ExtractionLimits;
import io.tailrace.knowledge.text.PdfProcess;
import io.tailrace.knowledge.text.TextExtractor;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires knowledge repositories. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RepositorySettings.class)
public class RepositoriesConfiguration {
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;
    private static final Duration MAX_TIME = Duration.ofSeconds(30);
    private static final int PDF_HEAP_MEBIBYTES = 256;

    @Bean
    RepositoryCatalogue repositoryCatalogue() {
        return new RepositoryCatalogue();
    }

    @Bean(destroyMethod = "close")
    EmbeddingModels embeddingModels() {
        return EmbeddingModels.ofTheClassPath();
    }

    @Bean(destroyMethod = "close")
    RepositoryWriter repositoryWriter(
            KafkaClients kafka,
            KafkaSettings topics,
            LogConnection connection,
            KafkaRecords records,
            RepositorySettings settings) {
        return new RepositoryWriter(kafka, topics.partitions(), connection, records, settings.storeWithin());
    }

    @Bean(destroyMethod = "close")
    IndexRoot indexRoot(RepositorySettings settings) throws IOException {
        return IndexRoot.of(Optional.ofNullable(settings.dir()));
    }

    @Bean(destroyMethod = "close")
    Repositories repositoryIndexes(
            IndexRoot root,
            LogConnection connection,
            EventCodec codec,
            KafkaSettings topics,
            RepositorySettings settings) {
        return new Repositories(
                root.path(), connection, codec, topics.partitions(), settings.maxOpen(), Clock.systemUTC());
    }

    @Bean
    KnowledgeRepositories knowledgeRepositories(
            RepositoryCatalogue catalogue,
            Definitions definitions,
            RepositoryWriter writer,
            Repositories indexes,
            RepositorySettings settings) {
        return new KnowledgeRepositories(
                catalogue, definitions, writer, indexes, Clock.systemUTC(), settings.answerWithin());
    }

    @Bean
    RepositoryPins repositoryPins(RepositoryCatalogue catalogue, Repositories indexes, RepositorySettings settings) {
        return new RepositoryPins(catalogue, indexes, settings.answerWithin());
    }

    @Bean
    RepositoriesController repositoriesController(KnowledgeRepositories repositories, EmbeddingModels models) {
        return new RepositoriesController(
                repositories, new RepositorySearch(repositories, models), models, new JsonBody(8 * 1024));
    }

    @Bean(destroyMethod = "close")
    BusyThreads documentThreads() {
        return new BusyThreads("documents-", BusyThreads.half());
    }

    @Bean
    DocumentsController documentsController(
            KnowledgeRepositories repositories,
            RepositoryWriter writer,
            EmbeddingModels models,
            BusyThreads documentThreads,
            RepositorySettings settings) {
        int maxBytes = Math.toIntExact(settings.maxDocument().toBytes());
        TextExtractor extractor = new TextExtractor(
                new ExtractionLimits(maxBytes, MAX_CHARACTERS, MAX_TIME), PdfProcess.ofThisProgram(PDF_HEAP_MEBIBYTES));
        DocumentIntake intake = new DocumentIntake(extractor, models, documentThreads, Clock.systemUTC());
        return new DocumentsController(
                repositories, new Documents(repositories, writer, intake), maxBytes, settings.answerWithin());
    }
}
