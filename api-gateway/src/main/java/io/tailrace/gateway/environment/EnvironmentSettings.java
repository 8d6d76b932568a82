package io.tailrace.gateway.environment;

import io.tailrace.events.plan.PlanReader;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How environments are built that are asked for by their configuration alone.
 *
 * @param definition the operator's definition that is used unless the request names another
 */
@ConfigurationProperties("tailrace.gateway.environments")
public record EnvironmentSettings(@DefaultValue("python") String definition) {
    /** @throws IllegalArgumentException if a value is out of its bounds */
    public EnvironmentSettings {
        if (!PlanReader.isDefinitionName(definition)) {
            throw new IllegalArgumentException("tailrace.gateway.environments.definition must be a definition's name");
        }
    }
}
