package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** A log in memory: one partition a topic, offsets with gaps as if others wrote in between. Thread-safe. */
final class MemoryLog implements LogSource, Tail {
    static final int PARTITION = 3;

    private final Map<Topic, List<LogRecord>> records = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> starts = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> ends = new EnumMap<>(Topic.class);
    private final Map<Watch, Set<Topic>> watches = new LinkedHashMap<>();
    private long epoch = 42;
    private long changes;

    synchronized long append(Topic topic, RunId run, EventHeaders headers, byte[] value) {
        long offset = ends.getOrDefault(topic, 5L) + records(topic).size() % 3;
        LogRecord record = new LogRecord(new LogPosition(topic, PARTITION, offset), run, Instant.EPOCH, headers, value);
        records(topic).add(record);
        ends.put(topic, offset + 1);
        watches.forEach((watch, topics) -> {
            if (watch.run().equals(run) && topics.contains(topic)) {
                watch.inboxes().of(topic).append(List.of(record), offset + 1);
                watch.inboxes().signal();
            }
        });
        changed();
        return offset;
    }

    synchronized void trim(Topic topic, long offset) {
        starts.put(topic, offset);
        records(topic).removeIf(it -> it.offset() < offset);
        changed();
    }

    synchronized void recreate() {
        records.clear();
        starts.clear();
        ends.clear();
        epoch++;
        changed();
    }

    /** Cuts the log off at an offset. */
    synchronized void cutOff(Topic topic, long offset) {
        records(topic).removeIf(it -> it.offset() >= offset);
        ends.put(topic, offset);
        watches.forEach((watch, topics) -> {
            if (topics.contains(topic)) {
                watch.inboxes().of(topic).begin(offset);
                watch.inboxes().signal();
            }
        });
        changed();
    }

    private List<LogRecord> records(Topic topic) {
        return records.computeIfAbsent(topic, _ -> new ArrayList<>());
    }

    synchronized long start(Topic topic) {
        return starts.getOrDefault(topic, 0L);
    }

    synchronized long end(Topic topic) {
        return ends.getOrDefault(topic, 0L);
    }

    /** The run's next record at or after a position. */
    synchronized Optional<LogRecord> next(RunId run, LogPosition from) {
        return records(from.topic()).stream()
                .filter(it -> it.offset() >= from.offset() && it.run().equals(run))
                .findFirst();
    }

    /** Waits until something has changed since so many changes, at most so many milliseconds. */
    synchronized void await(long seen, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (changes == seen && System.nanoTime() < end) {
            wait(Math.max(1, millis));
        }
    }

    synchronized long changes() {
        return changes;
    }

    private void changed() {
        changes++;
        notifyAll();
    }

    @Override
    public synchronized OptionalLong epoch() {
        return OptionalLong.of(epoch);
    }

    @Override
    public synchronized long currentEpoch() {
        return epoch;
    }

    @Override
    public synchronized Place at(RunId run, LogPosition position) {
        if (position.offset() < start(position.topic())) {
            return new Place.Trimmed(start(position.topic()));
        }
        if (position.offset() >= end(position.topic())) {
            return new Place.Beyond();
        }
        return records(position.topic()).stream()
                .filter(it -> it.offset() == position.offset() && it.run().equals(run))
                .findFirst()
                .<Place>map(Place.Present::new)
                .orElse(new Place.Other());
    }

    @Override
    public synchronized Chunk scan(RunId run, LogPosition from, Optional<Passed> passed, long upTo, Sink sink) {
        Topic topic = from.topic();
        if (from.offset() < start(topic)) {
            return new Chunk.Trimmed(start(topic));
        }
        if (from.offset() > end(topic)) {
            return new Chunk.Beyond();
        }
        for (LogRecord record : records(topic)) {
            if (record.offset() >= from.offset()
                    && record.offset() < upTo
                    && record.run().equals(run)
                    && !sink.take(record)) {
                return new Chunk.Read(record.offset() + 1, Optional.empty());
            }
        }
        return new Chunk.Read(Math.max(Math.min(upTo, end(topic)), from.offset()), Optional.empty());
    }

    @Override
    public synchronized LogEnds ends(int partition) {
        return new LogEnds(LogEnds.TOPICS.stream().collect(Collectors.toMap(it -> it, this::end)));
    }

    @Override
    public synchronized void watch(Watch watch, Topic topic) {
        watches.computeIfAbsent(watch, _ -> EnumSet.noneOf(Topic.class)).add(topic);
        watch.inboxes().of(topic).begin(end(topic));
        watch.inboxes().signal();
    }

    @Override
    public synchronized void unwatch(Watch watch) {
        watches.remove(watch);
    }

    @Override
    public synchronized void forget() {
        watches.clear();
    }
}
