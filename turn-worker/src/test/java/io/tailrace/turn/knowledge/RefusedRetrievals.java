package io.tailrace.turn.knowledge;

import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.plan.Retrieval.Source;
import java.util.Optional;

/** Refusals for tests of whoever meets them. */
public final class RefusedRetrievals {
    private RefusedRetrievals() {}

    public static RetrievalRefused unknownModel() {
        return RetrievalRefused.unknownModel(
                new Source(7, "handbook", 1, new Shape("english", Optional.empty(), 100), 12), "some-model");
    }
}
