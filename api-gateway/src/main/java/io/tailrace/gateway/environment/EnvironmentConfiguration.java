package io.tailrace.gateway.environment;

import io.tailrace.gateway.api.ApiSettings;
import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.command.RunCommands;
import io.tailrace.gateway.configuration.Configurations;
import io.tailrace.gateway.configuration.PlanConfigurations;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.stream.RunStreams;
import io.tailrace.service.kafka.KafkaSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the environment-build API. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EnvironmentSettings.class)
public class EnvironmentConfiguration {
    @Bean
    EnvironmentController environmentController(
            EnvironmentSettings settings,
            RunCommands commands,
            RunDirectory directory,
            Recipes recipes,
            Configurations configurations,
            PlanConfigurations plans,
            RunStreams streams,
            EventDecoder decoder,
            Cursors cursors,
            ApiSettings api,
            CommandSettings commandSettings,
            LogConnection connection,
            KafkaSettings kafka) {
        return new EnvironmentController(
                settings,
                commands,
                directory,
                recipes,
                configurations,
                plans,
                streams,
                new EnvironmentView(decoder, cursors::token),
                cursors,
                new JsonBody(api.maxBodyBytes()),
                commandSettings.decideWithin(),
                connection,
                kafka.partitions());
    }
}
