package io.tailrace.turn.tool;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.stage.TurnFact.RetrievedChunk;
import io.tailrace.turn.context.ContextBuilder;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.knowledge.RetrievalRefused;
import io.tailrace.turn.knowledge.Retrieved;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Searches repositories at the versions that the plan names. Thread-safe. */
final class SearchTool {
    /** In tokens: a bound that is small cuts passages off, it does not hide them. */
    private static final long LEAST_ROOM = 1_000;

    private final Knowledge knowledge;

    SearchTool(Knowledge knowledge) {
        this.knowledge = knowledge;
    }

    CallResult search(Tool.RepositorySearch tool, ToolRequest request, StopSignal stop) {
        try {
            Optional<Retrieved> found = knowledge.retrieve(
                    request.workspace(),
                    tool.retrieval(),
                    request.argument(),
                    Math.max(LEAST_ROOM, ContextBuilder.tokensOf(request.maxBytes())),
                    stop);
            return found.map(SearchTool::result)
                    .orElseGet(() -> CallResult.failed("stopped", "The search was ended before it had an answer."));
        } catch (RetrievalRefused e) {
            return CallResult.failed(e.failure().code(), e.failure().message());
        }
    }

    private static CallResult result(Retrieved found) {
        if (found.passages().isEmpty()) {
            return CallResult.succeeded("Nothing was found. Try other words.");
        }
        StringBuilder text = new StringBuilder();
        List<RetrievedChunk> chunks = found.fact().chunks();
        for (int i = 0; i < found.passages().size(); i++) {
            text.append(i == 0 ? "" : "\n\n").append(found.passages().get(i));
            if (i < chunks.size()) {
                text.append(String.format(
                        Locale.ROOT, "\n(score %.2f)", chunks.get(i).score()));
            }
        }
        return CallResult.succeeded(text.toString());
    }
}
