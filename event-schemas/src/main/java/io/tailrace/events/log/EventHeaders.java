package io.tailrace.events.log;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The record headers by which an event is ordered, fenced and numbered without decoding its value. All header values
 * are UTF-8 text (numbers in decimal), so that standard tools show them.
 *
 * @param type the event's type name, also one that this release does not know
 * @param eventId the record's id
 * @param mark what the record means for order and fencing
 * @param count how many events of the run's order the record holds; 0 for what is never shown
 * @param stage the stage it belongs to, where it belongs to one
 * @param attempt the attempt that wrote it; absent on records of the coordinator
 * @param attemptSequence its number within the attempt, from 1 without gaps; 0 where there is no attempt
 * @param worker the worker that wrote it
 * @param runSequence the sequence of the run that the coordinator counted for this record
 * @param chapterFrom on {@link Mark#CHAPTER_OPEN}: nothing of the stage lies before this position
 * @param chapterRange on {@link Mark#CHAPTER_CLOSE}: where the chapter is
 */
public record EventHeaders(
        String type,
        EventId eventId,
        Mark mark,
        int count,
        Optional<StageId> stage,
        Optional<Attempt> attempt,
        long attemptSequence,
        Optional<WorkerId> worker,
        Optional<Long> runSequence,
        Optional<LogPosition> chapterFrom,
        Optional<ChapterRange> chapterRange) {

    public static final String TYPE = "type";
    public static final String EVENT_ID = "event_id";
    public static final String MARK = "mark";
    public static final String COUNT = "count";
    public static final String STAGE = "stage_id";
    public static final String ATTEMPT = "attempt";
    public static final String ATTEMPT_SEQUENCE = "attempt_sequence";
    public static final String WORKER = "worker_id";
    public static final String RUN_SEQUENCE = "run_sequence";
    public static final String CHAPTER_FROM = "chapter_from";
    public static final String CHAPTER_RANGE = "chapter_range";

    /** The headers as names and text values, in a fixed order. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(TYPE, type);
        map.put(EVENT_ID, eventId.value());
        if (mark != Mark.NONE) {
            map.put(MARK, mark.wireName());
        }
        map.put(COUNT, Integer.toString(count));
        stage.ifPresent(it -> map.put(STAGE, it.value()));
        attempt.ifPresent(it -> {
            map.put(ATTEMPT, Integer.toString(it.value()));
            map.put(ATTEMPT_SEQUENCE, Long.toString(attemptSequence));
        });
        worker.ifPresent(it -> map.put(WORKER, it.value()));
        runSequence.ifPresent(it -> map.put(RUN_SEQUENCE, Long.toString(it)));
        chapterFrom.ifPresent(
                it -> map.put(CHAPTER_FROM, it.topic().topicName() + ":" + it.partition() + ":" + it.offset()));
        chapterRange.ifPresent(it -> map.put(CHAPTER_RANGE, it.firstOffset() + ":" + it.lastOffset()));
        return map;
    }

    /**
     * Reads the headers of a record, or nothing if they are not ours: missing, malformed or contradicting.
     *
     * @param header the text of the header with this name, null where it is absent
     */
    public static Optional<EventHeaders> parse(Function<String, @Nullable String> header) {
        try {
            String type = header.apply(TYPE);
            String eventId = header.apply(EVENT_ID);
            String count = header.apply(COUNT);
            if (type == null || eventId == null || count == null) {
                return Optional.empty();
            }
            Optional<String> markName = Optional.ofNullable(header.apply(MARK));
            Optional<Mark> mark = markName.isEmpty() ? Optional.of(Mark.NONE) : Mark.named(markName.get());
            if (mark.isEmpty() || Integer.parseInt(count) < 0) {
                return Optional.empty();
            }
            Optional<Attempt> attempt =
                    Optional.ofNullable(header.apply(ATTEMPT)).map(it -> new Attempt(Integer.parseInt(it)));
            String sequence = header.apply(ATTEMPT_SEQUENCE);
            if (attempt.isPresent() != (sequence != null)) {
                return Optional.empty();
            }
            EventHeaders parsed = new EventHeaders(
                    type,
                    new EventId(eventId),
                    mark.get(),
                    Integer.parseInt(count),
                    Optional.ofNullable(header.apply(STAGE)).map(StageId::new),
                    attempt,
                    sequence == null ? 0 : Long.parseLong(sequence),
                    Optional.ofNullable(header.apply(WORKER)).map(WorkerId::new),
                    Optional.ofNullable(header.apply(RUN_SEQUENCE)).map(Long::valueOf),
                    Optional.ofNullable(header.apply(CHAPTER_FROM)).map(EventHeaders::position),
                    Optional.ofNullable(header.apply(CHAPTER_RANGE)).map(EventHeaders::range));
            return parsed.isConsistent() ? Optional.of(parsed) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private boolean isConsistent() {
        return switch (mark) {
            case NONE, RUN_END -> true;
            case CLAIM, TERMINAL -> stage.isPresent() && attempt.isPresent() && worker.isPresent();
            case ABORT -> stage.isPresent();
            case CHAPTER_OPEN -> stage.isPresent() && chapterFrom.isPresent() && runSequence.isPresent();
            case CHAPTER_CLOSE -> stage.isPresent() && chapterRange.isPresent() && runSequence.isPresent();
        };
    }

    private static LogPosition position(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        Topic topic = Topic.named(parts[0]).orElseThrow(() -> new IllegalArgumentException("no such topic: " + text));
        return new LogPosition(topic, Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }

    private static ChapterRange range(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("not a range: " + text);
        }
        return new ChapterRange(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
