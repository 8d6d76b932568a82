package io.tailrace.turn.knowledge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.log.IndexRoot;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.worker.queue.WorkerSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what finds knowledge for turns. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KnowledgeSettings.class)
public class KnowledgeConfiguration {

    @Bean(destroyMethod = "close")
    InstalledEmbeddings installedEmbeddings() {
        return InstalledEmbeddings.ofTheClassPath();
    }

    @Bean(destroyMethod = "close")
    KafkaLogAccess repositoriesAccess(KafkaClients kafka, WorkerSettings worker) {
        return new KafkaLogAccess(kafka, worker.id().value());
    }

    @Bean(destroyMethod = "close")
    IndexRoot indexRoot(KnowledgeSettings settings) throws IOException {
        return IndexRoot.of(Optional.ofNullable(settings.dir()));
    }

    @Bean(destroyMethod = "close")
    Repositories repositoryIndexes(
            IndexRoot root, KafkaLogAccess access, EventCodec codec, KafkaSettings topics, KnowledgeSettings settings) {
        return new Repositories(
                root.path(), access, codec, topics.partitions(), settings.maxOpen(), InstantSource.system());
    }

    @Bean
    Knowledge knowledge(
            Repositories repositories, InstalledEmbeddings models, KnowledgeSettings settings, MeterRegistry registry) {
        return new RepositoryKnowledge(
                repositories,
                models,
                settings.answerWithin(),
                settings.keepUnused(),
                InstantSource.system(),
                System::nanoTime,
                registry);
    }
}
