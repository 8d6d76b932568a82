package io.tailrace.events.log;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The record headers by which an event is ordered, fenced and numbered without decoding its value. All header values
 * are ASCII text (numbers in decimal), so that standard tools show them. Their bounds hold for writers and readers
 * alike: what nobody may write, nobody counts.
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

    /** The most events that one record holds: each of them becomes an event of its own at every watcher. */
    public static final int MAX_COUNT = 10_000;

    /** The highest attempt: far above what is ever dispatched, and far below what an attempt can be counted up to. */
    public static final int MAX_ATTEMPT = 1_000_000;

    /** The highest sequence of a run: the largest whole number that every JSON reader keeps. */
    public static final long MAX_SEQUENCE = (1L << 53) - 1;

    private static final Pattern LEGAL_TYPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,95}");

    private static final Set<String> NAMES = Set.of(
            TYPE,
            EVENT_ID,
            MARK,
            COUNT,
            STAGE,
            ATTEMPT,
            ATTEMPT_SEQUENCE,
            WORKER,
            RUN_SEQUENCE,
            CHAPTER_FROM,
            CHAPTER_RANGE);

    /** @throws IllegalArgumentException if something is missing, out of its bounds, or contradicts the mark */
    public EventHeaders {
        if (!LEGAL_TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not the name of a type");
        }
        if (count < 0 || count > MAX_COUNT) {
            throw new IllegalArgumentException("a record holds 0 to " + MAX_COUNT + " events, not " + count);
        }
        if (attempt.isPresent() ? attempt.get().value() > MAX_ATTEMPT || attemptSequence < 1 : attemptSequence != 0) {
            throw new IllegalArgumentException("no place in an attempt: " + attempt + ", " + attemptSequence);
        }
        if (runSequence.isPresent() && (runSequence.get() < 1 || runSequence.get() > MAX_SEQUENCE)) {
            throw new IllegalArgumentException("not a sequence: " + runSequence.get());
        }
        if (mark != Mark.NONE && count != 1) {
            throw new IllegalArgumentException("a record that is marked " + mark.wireName() + " is one event");
        }
        boolean complete = switch (mark) {
            case NONE -> true;
            case RUN_END -> runSequence.isPresent();
            case CLAIM, TERMINAL -> stage.isPresent() && attempt.isPresent() && worker.isPresent();
            case ABORT -> stage.isPresent();
            case CHAPTER_OPEN ->
                stage.isPresent()
                        && runSequence.isPresent()
                        && chapterFrom.isPresent()
                        && chapterFrom.get().topic().holdsChapters();
            case CHAPTER_CLOSE -> stage.isPresent() && chapterRange.isPresent() && runSequence.isPresent();
        };
        if (!complete) {
            throw new IllegalArgumentException("something is missing of what " + mark.wireName() + " needs");
        }
    }

    /** Whether a header with this name is one of ours; others, such as those of traces, mean nothing here. */
    static boolean isNamed(String name) {
        return NAMES.contains(name);
    }

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
            if (mark.isEmpty()) {
                return Optional.empty();
            }
            Optional<Attempt> attempt =
                    Optional.ofNullable(header.apply(ATTEMPT)).map(it -> new Attempt(Integer.parseInt(it)));
            String sequence = header.apply(ATTEMPT_SEQUENCE);
            if (attempt.isPresent() != (sequence != null)) {
                return Optional.empty();
            }
            return Optional.of(new EventHeaders(
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
                    Optional.ofNullable(header.apply(CHAPTER_RANGE)).map(EventHeaders::range)));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
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
