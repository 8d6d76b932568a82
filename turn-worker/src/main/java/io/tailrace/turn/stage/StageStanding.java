package io.tailrace.turn.stage;

import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.reading.Fence;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.util.Optional;

/** A stage's chapter, read on from question to question and judged by the {@link Fence}. Confined to one thread. */
final class StageStanding implements TurnLog.Standing {
    private final PositionReader reader;
    private final StageId stage;
    private LogPosition next;
    private Fence fence = Fence.OPEN;

    StageStanding(PositionReader reader, StageId stage, LogPosition chapterFrom) {
        this.reader = reader;
        this.stage = stage;
        this.next = chapterFrom;
    }

    @Override
    public boolean counts(LogPosition record) {
        boolean[] counts = {false};
        reader.scan(next, record.offset() + 1, found -> {
            next = new LogPosition(
                    next.topic(), next.partition(), found.position().offset() + 1);
            counts[0] = judge(found) && found.position().equals(record);
            return true;
        });
        return counts[0];
    }

    private boolean judge(Found found) {
        Optional<EventHeaders> headers = found.headers().filter(it -> it.stage().equals(Optional.of(stage)));
        if (headers.isEmpty()) {
            return false;
        }
        Fence.Judgment judgment = fence.judge(headers.get());
        fence = judgment.next();
        return judgment.counts();
    }
}
