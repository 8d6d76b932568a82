package io.tailrace.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.provider.RecordedCatalogue.Recorded;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedCatalogueTest {
    private static final Instant LATER = Instant.EPOCH.plusSeconds(1);

    private final RecordedCatalogue catalogue = new RecordedCatalogue();
    private final ProviderCatalogue first = new ProviderCatalogue(new WorkerId("t-1"), List.of());
    private final ProviderCatalogue second = new ProviderCatalogue(new WorkerId("t-2"), List.of());

    @Test
    void theOneThatWasRecordedLastCounts() {
        assertThat(catalogue.current()).isEmpty();
        catalogue.apply(Definition.providers(Instant.EPOCH, first));
        catalogue.apply(Definition.providers(LATER, second));
        assertThat(catalogue.current()).contains(new Recorded(second, LATER));
    }

    @Test
    void configurationsAreNoneOfIt() {
        catalogue.apply(Definition.providers(Instant.EPOCH, first));
        catalogue.apply(Definition.configuration(
                new WorkspaceId("w"), "c", LATER, new ArtifactRef("0a".repeat(32), ArtifactRef.ZIP, 1, 1, 0, 0)));
        assertThat(catalogue.current()).contains(new Recorded(first, Instant.EPOCH));
    }

    @Test
    void aTopicThatIsReadAnewHasNoneUntilItIsRead() {
        catalogue.apply(Definition.providers(Instant.EPOCH, first));
        catalogue.clear();
        assertThat(catalogue.current()).isEmpty();
    }
}
