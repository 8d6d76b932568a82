package io.tailrace.worker.result;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.StepResult;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads results by their positions, and believes no position: the record there has to be the answer of that stage of
 * that run. Safe from any thread.
 */
public final class LoggedResults implements StepResults {
    private final PositionReader reader;
    private final EventCodec codec;

    public LoggedResults(PositionReader reader, EventCodec codec) {
        this.reader = reader;
        this.codec = codec;
    }

    @Override
    public String text(RunId run, StepResult result) throws ResultUnavailable {
        if (result.position().topic() != Topic.TURN_EVENTS
                || !result.stage().run().equals(run)) {
            throw ResultUnavailable.other(result);
        }
        Found found = reader.read(result.position()).orElseThrow(() -> ResultUnavailable.gone(result));
        TurnEvent event = decode(found.value()).orElseThrow(() -> ResultUnavailable.other(result));
        if (event.stageId().equals(Optional.of(result.stage()))
                && event.payload() instanceof TurnFact.TurnCompleted completed) {
            return completed.content().message().text();
        }
        throw ResultUnavailable.other(result);
    }

    private Optional<TurnEvent> decode(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(Topic.TURN_EVENTS, TurnEvent.class, value));
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }
}
