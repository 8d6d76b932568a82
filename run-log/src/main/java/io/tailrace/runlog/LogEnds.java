package io.tailrace.runlog;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;

/**
 * How far the event topics can be read in one partition at one moment.
 *
 * @param spine the next offset of run-events
 * @param builds the next offset of build-events
 * @param turns the next offset of turn-events
 */
record LogEnds(long spine, long builds, long turns) {

    /** Whether everything before these ends has been read by who reads on at this position. */
    boolean reachedBy(LogPosition next) {
        return next.offset() >= of(next.topic());
    }

    long of(Topic topic) {
        return switch (topic) {
            case RUN_EVENTS -> spine;
            case BUILD_EVENTS -> builds;
            case TURN_EVENTS -> turns;
            case RUN_COMMANDS, BUILD_REQUESTS, TURN_REQUESTS, RUNS, DEFINITIONS, ARTIFACTS, CURSOR_KEYS ->
                throw new IllegalArgumentException(topic + " has no events");
        };
    }
}
