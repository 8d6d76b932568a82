package io.tailrace.gateway.recipe;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the operator's definitions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecipeSettings.class)
public class RecipeConfiguration {
    @Bean
    Recipes recipes(RecipeSettings settings) {
        return new Recipes(settings);
    }
}
