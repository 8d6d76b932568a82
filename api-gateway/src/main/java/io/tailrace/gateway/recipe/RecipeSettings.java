package io.tailrace.gateway.recipe;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a plan may ask for.
 *
 * @param recipesDir the operator's folder of {@code <name>.yaml}; without it there are no definitions
 * @param adhocPhases whether requests may bring phases of their own: arbitrary commands on the workers
 */
@ConfigurationProperties("tailrace.gateway")
public record RecipeSettings(
        @Nullable Path recipesDir, @DefaultValue("false") boolean adhocPhases) {
    Optional<Path> folder() {
        return Optional.ofNullable(recipesDir);
    }
}
