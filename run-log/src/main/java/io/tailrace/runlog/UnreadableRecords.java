package io.tailrace.runlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that cannot be read as they should. Each is counted and logged once, with its position, however often and by
 * whomever it is met. Remembers the last thousand. Thread-safe.
 */
public final class UnreadableRecords {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);
    private static final int REMEMBERED = 1000;

    private final Counter undecodable;
    private final Counter foreign;
    private final Map<String, Boolean> met = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param reader what the process that reads is called in the names of its meters */
    public UnreadableRecords(MeterRegistry meters, String reader) {
        undecodable = Counter.builder("tailrace." + reader + ".undecodable")
                .description("Records whose value cannot be decoded: shown as placeholders")
                .register(meters);
        foreign = Counter.builder("tailrace." + reader + ".foreign.records")
                .description("Records of watched runs whose headers are not ours: left out")
                .register(meters);
    }

    /** A value that cannot be decoded; its events are shown as placeholders. */
    public void undecodable(Object position, String type, String reason) {
        if (isNew(position.toString())) {
            undecodable.increment();
            LOG.warn("{}: a value of type {} cannot be decoded: {}", position, type, reason);
        }
    }

    /** A record of a run whose headers are not ours; nobody can count it. */
    void foreign(ConsumerRecord<byte[], byte[]> record) {
        String position = record.topic() + "-" + record.partition() + "@" + record.offset();
        if (isNew(position)) {
            foreign.increment();
            LOG.warn("{}: left out, its headers are not ours", position);
        }
    }

    private boolean isNew(String position) {
        synchronized (met) {
            return met.put(position, true) == null;
        }
    }
}
