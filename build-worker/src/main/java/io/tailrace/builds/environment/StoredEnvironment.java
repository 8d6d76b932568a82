package io.tailrace.builds.environment;

import io.tailrace.events.stage.BuildFact.InstalledPackage;
import java.util.List;

/**
 * What is known of an environment.
 *
 * @param interpreterVersion of its interpreter
 * @param packages what is installed in it
 * @param sizeBytes of its files
 */
public record StoredEnvironment(String interpreterVersion, List<InstalledPackage> packages, long sizeBytes) {
    public StoredEnvironment {
        packages = List.copyOf(packages);
    }
}
