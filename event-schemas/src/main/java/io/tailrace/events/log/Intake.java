package io.tailrace.events.log;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a record of an event topic is to everybody who reads it: the one rule by which coordinator, gateway and workers
 * let a record in. It looks at the key and the headers alone. A value has no say: one that is missing or cannot be
 * decoded leaves its record counted, fenced and numbered, and is shown as a placeholder.
 *
 * <p>Let in is not yet part of a stage: that is for the {@link io.tailrace.events.reading.Fence}. The order of a run is
 * that of its own partition; a record of it in another one is read by nobody who reads the run.
 */
public sealed interface Intake {
    /** An event of a run. */
    record Event(RunId run, EventHeaders headers) implements Intake {}

    /** The partition's clock. */
    record Clock(EventId tick) implements Intake {}

    /** Why a record is nothing of ours. */
    enum Cause {
        /** Missing, malformed, repeated, out of their bounds, or contradicting each other. */
        HEADERS,
        /** It names no stage where only stages have records. */
        NO_STAGE,
        /** Its mark belongs to another topic. */
        MISPLACED_MARK,
        /** Its key is no run's, or not that of its stage's run. */
        KEY
    }

    /** Nothing of ours: nobody counts it. */
    record Foreign(Cause cause, String reason) implements Intake {}

    /**
     * Judges a record.
     *
     * @throws IllegalArgumentException if the topic does not hold events
     */
    static Intake of(Topic topic, byte @Nullable [] key, HeaderTexts texts) {
        if (!topic.holdsEvents()) {
            throw new IllegalArgumentException(topic + " has no events");
        }
        Optional<EventHeaders> parsed = texts.headers();
        if (parsed.isEmpty()) {
            return new Foreign(Cause.HEADERS, "its headers are not ours");
        }
        EventHeaders headers = parsed.get();
        boolean spine = topic == Topic.RUN_EVENTS;
        if (!spine && headers.stage().isEmpty()) {
            return headers.type().equals(EventType.TICK.wireName())
                    ? new Clock(headers.eventId())
                    : new Foreign(Cause.NO_STAGE, "a " + headers.type() + " belongs to a stage, and it names none");
        }
        if (spine != isOfSpine(headers.mark()) && headers.mark() != Mark.NONE) {
            return new Foreign(
                    Cause.MISPLACED_MARK,
                    "a record that is marked " + headers.mark().wireName() + " has no place in " + topic.topicName());
        }
        Optional<RunId> run = run(key);
        if (run.isEmpty()) {
            return new Foreign(Cause.KEY, "it is not keyed by a run");
        }
        if (headers.stage().isPresent() && !headers.stage().get().run().equals(run.get())) {
            return new Foreign(Cause.KEY, "it is not keyed by the run of its stage");
        }
        return new Event(run.get(), headers);
    }

    private static Optional<RunId> run(byte @Nullable [] key) {
        return Optional.ofNullable(key)
                .map(it -> new String(it, StandardCharsets.UTF_8))
                .filter(RunId::isLegal)
                .map(RunId::new);
    }

    private static boolean isOfSpine(Mark mark) {
        return switch (mark) {
            case CHAPTER_OPEN, CHAPTER_CLOSE, RUN_END -> true;
            case NONE, CLAIM, TERMINAL, ABORT -> false;
        };
    }
}
