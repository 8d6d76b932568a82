package io.tailrace.gateway;

import io.tailrace.gateway.access.AccessConfiguration;
import io.tailrace.gateway.api.ApiConfiguration;
import io.tailrace.gateway.approval.ApprovalConfiguration;
import io.tailrace.gateway.assistant.AssistantsConfiguration;
import io.tailrace.gateway.chat.ChatConfiguration;
import io.tailrace.gateway.command.CommandConfiguration;
import io.tailrace.gateway.configuration.ConfigurationsConfiguration;
import io.tailrace.gateway.cursor.CursorConfiguration;
import io.tailrace.gateway.decision.DecisionConfiguration;
import io.tailrace.gateway.definition.DefinitionsConfiguration;
import io.tailrace.gateway.environment.EnvironmentConfiguration;
import io.tailrace.gateway.events.EventsConfiguration;
import io.tailrace.gateway.execution.ExecutionConfiguration;
import io.tailrace.gateway.health.HealthConfiguration;
import io.tailrace.gateway.kafka.KafkaConfiguration;
import io.tailrace.gateway.log.LogConfiguration;
import io.tailrace.gateway.page.PageConfiguration;
import io.tailrace.gateway.problem.ProblemConfiguration;
import io.tailrace.gateway.provider.ProvidersConfiguration;
import io.tailrace.gateway.recipe.RecipeConfiguration;
import io.tailrace.gateway.registry.RegistryConfiguration;
import io.tailrace.gateway.repository.RepositoriesConfiguration;
import io.tailrace.gateway.runs.RunsConfiguration;
import io.tailrace.gateway.stream.StreamConfiguration;
import io.tailrace.gateway.subscription.SubscriptionsConfiguration;
import io.tailrace.gateway.toolserver.ToolServersConfiguration;
import io.tailrace.service.KitConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The api-gateway: forwards commands to the log and shows what the log has. Keeps nothing of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
@Import({
    KitConfiguration.class,
    ProblemConfiguration.class,
    AccessConfiguration.class,
    KafkaConfiguration.class,
    LogConfiguration.class,
    DecisionConfiguration.class,
    RunsConfiguration.class,
    CommandConfiguration.class,
    RecipeConfiguration.class,
    CursorConfiguration.class,
    DefinitionsConfiguration.class,
    ConfigurationsConfiguration.class,
    ProvidersConfiguration.class,
    ToolServersConfiguration.class,
    RepositoriesConfiguration.class,
    AssistantsConfiguration.class,
    ApiConfiguration.class,
    EventsConfiguration.class,
    SubscriptionsConfiguration.class,
    StreamConfiguration.class,
    ChatConfiguration.class,
    ApprovalConfiguration.class,
    EnvironmentConfiguration.class,
    ExecutionConfiguration.class,
    RegistryConfiguration.class,
    PageConfiguration.class,
    HealthConfiguration.class
})
public class GatewayApplication {
    /** Starts the gateway; configured by properties, environment variables or {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(GatewayApplication.class, args);
    }
}
