package io.tailrace.runlog;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Optional;

/** Records of one run of which only position, count and size matter. */
final class LogRecords {
    static final RunId RUN = new RunId("r-records");

    private LogRecords() {}

    /** A record at an offset that is so many events, with a value of so many bytes. */
    static LogRecord at(long offset, int count, int bytes) {
        EventHeaders headers = new EventHeaders(
                "x",
                new EventId("00000000-0000-0000-0000-000000000001"),
                Mark.NONE,
                count,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new LogRecord(
                new LogPosition(Topic.BUILD_EVENTS, 0, offset), RUN, Instant.EPOCH, headers, new byte[bytes]);
    }
}
