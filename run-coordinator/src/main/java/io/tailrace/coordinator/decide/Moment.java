package io.tailrace.coordinator.decide;

import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.Map;

/**
 * What an input brings along for those who decide on it.
 *
 * @param at when the broker appended the input
 * @param lanes the run's partition of each topic that chapters lie in
 * @param ids the ids of what is decided
 */
public record Moment(Instant at, Map<Topic, Lane> lanes, EventIds ids) {
    public Moment {
        lanes = Map.copyOf(lanes);
    }

    /** Where stages of this kind have their chapters. */
    public Lane lane(StageKind kind) {
        return lane(kind.events());
    }

    /**
     * The run's partition of this topic.
     *
     * @throws IllegalArgumentException for a topic that no stage is executed in
     */
    public Lane lane(Topic topic) {
        Lane lane = lanes.get(topic);
        if (lane == null) {
            throw new IllegalArgumentException("no stage is executed in " + topic.topicName());
        }
        return lane;
    }
}
