package io.tailrace.turn.knowledge;

import io.tailrace.events.stage.TurnFact.KnowledgeRetrieved;
import java.util.List;

/**
 * What was found.
 *
 * @param fact for the log
 * @param passages for the model, one for each chunk of the fact, each with its source's name
 */
public record Retrieved(KnowledgeRetrieved fact, List<String> passages) {
    public Retrieved {
        passages = List.copyOf(passages);
    }
}
