package io.tailrace.turn.stage;

import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.CompactedBy;
import io.tailrace.events.stage.TurnFact.Compaction;
import io.tailrace.turn.context.Compactor;
import io.tailrace.turn.context.ContextParts;
import io.tailrace.turn.context.PastTurn;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.List;
import java.util.Optional;

/** Keeps a history within its share of the model's window: has it summed up when it outgrows it. Confined to the stage's thread. */
final class HistoryCompaction {
    private static final int SUMMARY_TOKENS = 1_000;

    private final ProviderLookup.Found target;
    private final TurnSettings settings;
    private final ModelCalls calls;
    private final TurnReport report;

    /** @param target the model that also answers */
    HistoryCompaction(ProviderLookup.Found target, TurnSettings settings, ModelCalls calls, TurnReport report) {
        this.target = target;
        this.settings = settings;
        this.calls = calls;
        this.report = report;
    }

    /**
     * The parts with a history that is small enough.
     *
     * @param limit how many tokens the whole context may have
     * @param turnsBefore how many turns the chat had before this one, those that the log no longer has among them
     */
    ContextParts compact(ContextParts parts, long limit, int turnsBefore) throws AttemptLost {
        Compactor compactor = new Compactor(limit * settings.compactionPercent() / 100, settings.compactionTurns());
        List<PastTurn> history = parts.history();
        int due = compactor.due(history);
        if (due == 0) {
            return parts;
        }
        Optional<String> earlier = parts.summary();
        List<PastTurn> old = history.subList(0, due);
        Optional<String> byModel = sumUp(earlier, old);
        String summary = byModel.orElseGet(() -> Compactor.byRule(earlier, old));
        // What the log no longer has is at the beginning of the history, and summed up with it.
        Compaction compaction = new Compaction(
                summary,
                byModel.isPresent() ? CompactedBy.MODEL : CompactedBy.RULE,
                turnsBefore - (history.size() - due));
        ContextParts after = parts.compacted(summary, history.subList(due, history.size()));
        report.compacted(compaction);
        report.say(new TurnFact.ContextCompacted(compaction, parts.historyTokens(), after.historyTokens()));
        return after;
    }

    /** A summary by the model; nothing if it cannot. */
    private Optional<String> sumUp(Optional<String> earlier, List<PastTurn> old) throws AttemptLost {
        if (!target.provider().family().canSumUp()) {
            return Optional.empty();
        }
        ModelRequest question = ModelRequest.of(target.model().id(), Compactor.question(earlier, old))
                .withSettings(GenerationSettings.unset()
                        .withMaxOutputTokens(
                                Math.min(SUMMARY_TOKENS, target.model().maxOutputTokens())))
                .withTimeouts(settings.timeouts());
        Answer answer = new Answer();
        CallEnd end = calls.run(target.provider().start(question), delta -> {
            boolean _ = answer.add(delta);
        });
        return switch (end) {
            case CallEnd.Finished finished -> {
                calls.used(ProviderMapping.usage(finished.usage()));
                String text = answer.message().text().strip();
                yield text.isEmpty() ? Optional.empty() : Optional.of(text);
            }
            case CallEnd.Failed failed -> withoutSummary(failed.partial());
            case CallEnd.Canceled canceled -> withoutSummary(canceled.partial());
        };
    }

    private Optional<String> withoutSummary(Optional<io.tailrace.turn.provider.Usage> told) throws AttemptLost {
        Optional<Usage> partial = told.map(ProviderMapping::usage).filter(it -> !it.equals(Usage.NONE));
        if (partial.isPresent()) {
            calls.used(partial.get());
        }
        return Optional.empty();
    }
}
