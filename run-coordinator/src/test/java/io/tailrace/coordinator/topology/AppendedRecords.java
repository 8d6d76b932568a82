package io.tailrace.coordinator.topology;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.stage.StageEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the coordinator appended beside its transactions and a test has not read back yet, in order. */
final class AppendedRecords extends ArrayDeque<ProducerRecord<byte[], byte[]>> implements StageEventLog {
    private static final long serialVersionUID = 1L;

    @Override
    public void append(int partition, StageEvent event, Optional<TraceContext> trace) {
        add(TraceHeader.on(Records.KAFKA.stageEvent(partition, event), trace));
    }

    static String type(ProducerRecord<byte[], byte[]> record) {
        return KafkaRecords.headers(record.headers()).orElseThrow().type();
    }
}
