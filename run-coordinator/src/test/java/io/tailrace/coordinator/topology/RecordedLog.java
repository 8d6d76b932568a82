package io.tailrace.coordinator.topology;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** One partition of each topic in memory, without gaps. */
final class RecordedLog implements LogArchive {
    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> topics = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> goesOn = new EnumMap<>(Topic.class);
    private final SpineAhead ahead = new SpineAhead(SpineAhead.MOST);
    private int pending;
    private int longBefore;
    private long spineReadFrom;

    LogReading reading() {
        return new LogReading(this, Runnable::run, this::readSpine, ahead);
    }

    /** What tasks that started had no time to read. */
    SpineAhead ahead() {
        return ahead;
    }

    /** What is pending is committed while it is waited for. */
    long readSpine(int partition, long from, long most, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        pending = 0;
        spineReadFrom = from;
        if (from < longBefore && most < Long.MAX_VALUE) {
            throw new SpineTooLong(partition, from, size(Topic.RUN_EVENTS));
        }
        return read(new LogPosition(Topic.RUN_EVENTS, partition, from), END, record -> {
            visitor.accept(record);
            return true;
        });
    }

    /** From before this offset on, the spine is too long for whoever does not take all of it. */
    void longBefore(int offset) {
        longBefore = offset;
    }

    /** So many records at the end of the spine are of a transaction that has not ended: nobody reads them yet. */
    void pending(int records) {
        pending = records;
    }

    /** Where the last task that started has begun to read the spine. */
    long spineReadFrom() {
        return spineReadFrom;
    }

    private int readable(Topic topic) {
        return size(topic) - (topic == Topic.RUN_EVENTS ? pending : 0);
    }

    /** Where its reader is to go on: {@link #goesOn}. */
    InputPositions positions() {
        return new InputPositions() {
            @Override
            public Bounds bounds(Topic topic, int partition) {
                return new Bounds(0, size(topic));
            }

            @Override
            public Optional<Spot> appendedFrom(Topic topic, int partition, Instant at) {
                return of(topic).stream()
                        .filter(it -> it.timestamp() >= at.toEpochMilli())
                        .findFirst()
                        .map(it -> new Spot(it.offset(), Instant.ofEpochMilli(it.timestamp())));
            }

            @Override
            public void readFrom(Topic topic, int partition, long offset) {
                goesOn.put(topic, offset);
            }
        };
    }

    /** Where the reader of a topic was sent last; nothing if it never was. */
    Optional<Long> goesOn(Topic topic) {
        return Optional.ofNullable(goesOn.get(topic));
    }

    void append(Topic topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers, Instant at) {
        List<ConsumerRecord<byte[], byte[]>> records = of(topic);
        records.add(new ConsumerRecord<>(
                topic.topicName(),
                0,
                records.size(),
                at.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty()));
    }

    /** The topic loses its end: so many records are left. */
    void cutOff(Topic topic, int left) {
        of(topic).subList(left, of(topic).size()).clear();
    }

    int size(Topic topic) {
        return of(topic).size();
    }

    List<ConsumerRecord<byte[], byte[]>> of(Topic topic) {
        return topics.computeIfAbsent(topic, _ -> new ArrayList<>());
    }

    @Override
    public long read(LogPosition from, long to, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
        List<ConsumerRecord<byte[], byte[]>> readable = of(from.topic()).subList(0, readable(from.topic()));
        for (ConsumerRecord<byte[], byte[]> record : List.copyOf(readable)) {
            if (record.offset() >= from.offset() && record.offset() < to && !visitor.test(record)) {
                return record.offset() + 1;
            }
        }
        return Math.max(from.offset(), Math.min(to, readable.size()));
    }

    @Override
    public long end(Topic topic, int partition) {
        return readable(topic);
    }

    @Override
    public LogPosition appendedAt(Topic topic, int partition, Instant at) {
        long offset = of(topic).stream()
                .filter(it -> it.timestamp() >= at.toEpochMilli())
                .mapToLong(ConsumerRecord::offset)
                .findFirst()
                .orElse(size(topic));
        return new LogPosition(topic, partition, offset);
    }
}
