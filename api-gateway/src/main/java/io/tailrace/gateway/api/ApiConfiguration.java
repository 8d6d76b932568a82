package io.tailrace.gateway.api;

import io.tailrace.gateway.assistant.AssistantRuns;
import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.configuration.PlanConfigurations;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.problem.ProblemWriter;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.service.kafka.KafkaSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Wires the HTTP API. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiSettings.class)
public class ApiConfiguration {
    /** After the questions of access, before any handler. */
    @Bean
    FilterRegistrationBean<ContentTypeFilter> contentTypeFilter(ProblemWriter problems) {
        FilterRegistrationBean<ContentTypeFilter> registration =
                new FilterRegistrationBean<>(new ContentTypeFilter(problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 30);
        return registration;
    }

    @Bean
    RunJson runJson(LogConnection connection, Cursors cursors) {
        return new RunJson(connection, cursors);
    }

    @Bean
    RunCommandsController runCommandsController(
            RunCommands commands,
            RunDirectory directory,
            Recipes recipes,
            PlanConfigurations configurations,
            AssistantRuns assistants,
            RunJson json,
            ApiSettings settings,
            KafkaSettings kafka) {
        return new RunCommandsController(
                commands,
                directory,
                recipes,
                configurations,
                assistants,
                json,
                new JsonBody(settings.maxBodyBytes()),
                kafka.partitions());
    }

    @Bean
    ExecutionsController executionsController(AssistantRuns assistants, ApiSettings settings) {
        return new ExecutionsController(assistants, new JsonBody(settings.maxBodyBytes()));
    }

    @Bean
    RunQueriesController runQueriesController(
            RunDirectory directory, RunJson json, Cursors cursors, CommandSettings settings) {
        return new RunQueriesController(directory, json, cursors, settings.decideWithin());
    }

    @Bean
    RecipesController recipesController(Recipes recipes) {
        return new RecipesController(recipes);
    }

    @Bean
    OpenApiController openApiController() {
        return new OpenApiController();
    }
}
