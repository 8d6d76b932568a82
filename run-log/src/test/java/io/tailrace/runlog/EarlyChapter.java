package io.tailrace.runlog;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A worker that is faster than the coordinator's commit: it writes the first stage before anybody can see it opened. */
final class EarlyChapter {
    private EarlyChapter() {}

    static void write(LogUnderTest log, RunId run, int lines) {
        append(log, run, 1, new BuildFact.AttemptStarted("commands"));
        for (int i = 0; i < lines; i++) {
            append(
                    log,
                    run,
                    2 + i,
                    new BuildFact.ConsoleLines(
                            "build",
                            Optional.empty(),
                            List.of(new BuildFact.ConsoleLine(
                                    BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "early"))));
        }
    }

    private static void append(LogUnderTest log, RunId run, long sequence, BuildFact fact) {
        log.append(BuildEvent.ofAttempt(
                EventId.of(UUID.randomUUID()),
                StageId.of(run, 1),
                Attempt.FIRST,
                sequence,
                new WorkerId("early"),
                Instant.EPOCH,
                fact));
    }
}
