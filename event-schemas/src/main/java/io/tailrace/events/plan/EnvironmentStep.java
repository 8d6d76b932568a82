package io.tailrace.events.plan;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.AvroName;
import java.util.Optional;

/**
 * What a build by {@link BuildStep#PYTHON_ENV} is of.
 *
 * @param configuration the configuration's id within the run's workspace
 * @param archive the version that was current when the run was asked for; never given by clients
 * @param force whether it is built even if an unchanged environment exists
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record EnvironmentStep(String configuration, Optional<ArtifactRef> archive, boolean force) {}
