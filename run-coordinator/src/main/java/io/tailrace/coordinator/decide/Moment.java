package io.tailrace.coordinator.decide;

import io.tailrace.events.log.Topic;
import java.time.Instant;

/**
 * What an input brings along for those who decide on it.
 *
 * @param at when the broker appended the input
 * @param builds the run's partition of build-events
 * @param turns the run's partition of turn-events
 * @param ids the ids of what is decided
 */
public record Moment(Instant at, Lane builds, Lane turns, EventIds ids) {
    /**
     * The run's partition of this topic.
     *
     * @throws IllegalArgumentException for a topic that no stage is executed in
     */
    public Lane lane(Topic topic) {
        return switch (topic) {
            case BUILD_EVENTS -> builds;
            case TURN_EVENTS -> turns;
            case RUN_COMMANDS, RUN_EVENTS, BUILD_REQUESTS, TURN_REQUESTS, RUNS, DEFINITIONS, ARTIFACTS, CURSOR_KEYS ->
                throw new IllegalArgumentException("no stage is executed in " + topic.topicName());
        };
    }
}
