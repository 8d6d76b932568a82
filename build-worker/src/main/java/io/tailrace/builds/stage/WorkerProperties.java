package io.tailrace.builds.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this worker is and may do.
 *
 * @param id its name; each start adds something random, because another start is another worker
 * @param slots builds at the same time
 * @param dataDir builds work below it
 * @param recipesDir the operator's folder of {@code <name>.yaml}; without it there are no definitions
 * @param adhocPhases whether phases that come with a request are run: arbitrary commands on this machine
 * @param environmentsDir where environments are kept; workers of a machine may share it; by default in the data folder
 * @param secrets names of the worker's environment variables that definitions may ask for, and that no output shows
 * @param isolation what builds see
 * @param limits what builds may use
 * @param environments which environments are kept
 */
@ConfigurationProperties("tailrace.worker")
public record WorkerProperties(
        @DefaultValue("build-worker") String id,
        @DefaultValue("2") int slots,
        @DefaultValue(".tailrace/build-worker") Path dataDir,
        @Nullable Path recipesDir,
        @DefaultValue("false") boolean adhocPhases,
        @Nullable Path environmentsDir,
        @DefaultValue List<String> secrets,
        @DefaultValue IsolationProperties isolation,
        @DefaultValue LimitsProperties limits,
        @DefaultValue EnvironmentsProperties environments) {

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}";
    private static final int MAX_SLOTS = 1_000;

    /** Names the property that is out of its bounds. */
    public WorkerProperties {
        secrets = List.copyOf(secrets);
        if (!id.matches(ID)) {
            throw new IllegalArgumentException(
                    "tailrace.worker.id has 1 to 64 letters, digits, '.', '_', ':' and '-', not: " + id);
        }
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("tailrace.worker.slots is 1 to " + MAX_SLOTS + ", not " + slots);
        }
    }

    Path environmentsFolder() {
        return environmentsDir == null ? dataDir.resolve("environments") : environmentsDir;
    }

    Optional<Path> recipes() {
        return Optional.ofNullable(recipesDir);
    }
}
