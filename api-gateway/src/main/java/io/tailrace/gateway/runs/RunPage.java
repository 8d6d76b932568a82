package io.tailrace.gateway.runs;

import io.tailrace.events.run.RunView;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of the list of runs.
 *
 * @param next after which the list goes on; empty at its end
 */
public record RunPage(List<RunView> runs, Optional<PageKey> next) {
    public RunPage {
        runs = List.copyOf(runs);
    }
}
