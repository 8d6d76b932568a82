package io.tailrace.gateway.assistant;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.definition.Definitions;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.provider.RecordedCatalogue;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.repository.RepositoryPins;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.toolserver.RecordedToolServers;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires assistants. */
@Configuration(proxyBeanMethods = false)
public class AssistantsConfiguration {
    private static final Duration STORE_WITHIN = Duration.ofSeconds(10);
    private static final int MAX_DOCUMENT_BYTES = 256 * 1024;
    /** As large as the values of inputs may be, and some more for how they are written. */
    private static final int MAX_INPUT_BYTES = 512 * 1024;

    @Bean
    AssistantCatalogue assistantCatalogue() {
        return new AssistantCatalogue();
    }

    @Bean(destroyMethod = "close")
    AssistantWriter assistantWriter(KafkaClients kafka, LogConnection connection, KafkaRecords records) {
        return new AssistantWriter(kafka, connection, records, STORE_WITHIN);
    }

    @Bean
    SurroundingsCheck surroundingsCheck(
            RecordedCatalogue providers, RepositoryPins repositories, Recipes recipes, RecordedToolServers servers) {
        return new SurroundingsCheck(providers, repositories, recipes, servers);
    }

    @Bean
    Assistants assistants(
            AssistantCatalogue catalogue,
            Definitions definitions,
            AssistantWriter writer,
            SurroundingsCheck surroundings) {
        return new Assistants(catalogue, definitions, writer, surroundings, Clock.systemUTC(), STORE_WITHIN);
    }

    @Bean
    AssistantRuns assistantRuns(
            Assistants assistants,
            SurroundingsCheck surroundings,
            RepositoryPins repositories,
            Definitions definitions,
            RunCommands commands) {
        return new AssistantRuns(
                new AssistantPlans(assistants, repositories),
                new AssistantRetry(surroundings, repositories),
                definitions,
                commands);
    }

    @Bean
    AssistantsController assistantsController(Assistants assistants) {
        return new AssistantsController(assistants, new JsonBody(MAX_DOCUMENT_BYTES), new JsonBody(MAX_INPUT_BYTES));
    }
}
