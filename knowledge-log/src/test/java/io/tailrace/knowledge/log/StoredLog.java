package io.tailrace.knowledge.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** A consumer of one partition that has these records, perhaps with gaps. Each record's timestamp is its offset. */
class StoredLog extends MockConsumer<byte[], byte[]> {
    private final TopicPartition partition;
    private final List<ConsumerRecord<byte[], byte[]>> records;
    private final long end;

    StoredLog(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long end) {
        super("none");
        setMaxPollRecords(2);
        this.partition = partition;
        this.records = records;
        this.end = end;
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
        super.assign(partitions);
        updateBeginningOffsets(Map.of(partition, 0L));
        updateEndOffsets(Map.of(partition, end));
        records.forEach(this::addRecord);
    }

    /** What a broker's consumer does at the end of a fetch whose last records were compacted away. */
    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        var polled = super.poll(timeout);
        if (polled.isEmpty()) {
            seek(partition, end);
        }
        return polled;
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times, Duration timeout) {
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.timestamp() >= times.getOrDefault(partition, 0L)) {
                found.putIfAbsent(partition, new OffsetAndTimestamp(record.offset(), record.timestamp()));
            }
        }
        return found;
    }
}
