package io.tailrace.events.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.definition.Definition.ConfigurationVersion;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final ArtifactRef ARCHIVE = new ArtifactRef("0a".repeat(32), ArtifactRef.ZIP, 1, 1, 0, 0);
    private static final ProviderCatalogue CATALOGUE = new ProviderCatalogue(new WorkerId("t-1"), List.of());

    @Test
    void eachVersionHasAKeyOfItsOwnAndTheCatalogueTheOnlyOne() {
        assertThat(Definition.configuration(WORKSPACE, "providers", Instant.EPOCH, ARCHIVE)
                        .key())
                .isEqualTo("configuration/w/providers/" + ARCHIVE.digest());
        assertThat(Definition.providers(Instant.EPOCH, CATALOGUE).key()).isEqualTo("providers");
        assertThat(Definition.repository(
                                WORKSPACE, "handbook", Instant.EPOCH, new RepositoryDefinition(1, Optional.empty()))
                        .key())
                .isEqualTo("repository/w/handbook");
    }

    @Test
    void whatBelongsToAWorkspaceSaysToWhich() {
        assertThatThrownBy(
                        () -> new Definition(Optional.empty(), "c", Instant.EPOCH, new ConfigurationVersion(ARCHIVE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Definition(Optional.of(WORKSPACE), "providers", Instant.EPOCH, CATALOGUE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
