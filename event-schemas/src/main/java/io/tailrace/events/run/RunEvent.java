package io.tailrace.events.run;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of run-events.
 *
 * @param stageId the stage it is about, where it is about one
 * @param runSequence its sequence in the run, where the coordinator knows it: when no chapter is open, and on the
 *     facts that open and close one
 * @param occurredAt the time of the input that led to it
 */
@AvroName(namespace = "io.tailrace.events.run")
public record RunEvent(
        RunId runId,
        EventId eventId,
        Optional<StageId> stageId,
        Optional<Long> runSequence,
        Instant occurredAt,
        RunFact payload) {

    /** The headers that this record goes out with. */
    public EventHeaders headers() {
        Optional<LogPosition> from = Optional.empty();
        Optional<ChapterRange> range = Optional.empty();
        Optional<Attempt> attempt = Optional.empty();
        switch (payload) {
            case RunFact.StageRequested requested -> from = Optional.of(requested.chapterFrom());
            case RunFact.StageFinished finished -> range = Optional.of(finished.chapter());
            case RunFact.StageRedispatched _,
                    RunFact.RunProgress _,
                    RunFact.Lifecycle _,
                    RunFact.OfChat _,
                    RunFact.OfApproval _ -> {}
        }
        return new EventHeaders(
                payload.type().wireName(),
                eventId,
                payload.type().mark(),
                payload.count(),
                stageId,
                attempt,
                0,
                Optional.empty(),
                runSequence,
                from,
                range);
    }
}
