package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.StatedFacts;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a piece of a partition's spine says of each run, so far as a state can lack it. Of numbered facts headers alone are
 * read, but for the end of a run. For one thread at a time.
 */
final class SpineFold {
    private static final Logger LOG = LoggerFactory.getLogger(SpineFold.class);

    private final EventCodec codec;
    private final long from;
    private final Map<RunId, Trace> traces = new HashMap<>();
    private long next;

    /** What was read of one run. */
    static final class Trace {
        private OptionalLong created = OptionalLong.empty();
        private long sequence;
        private final List<RunEvent> meanwhile = new ArrayList<>();
        private boolean unreadable;
        private Optional<RunState.Completed> ended = Optional.empty();

        /** Where it was created, if that was read. */
        OptionalLong created() {
            return created;
        }

        /** The last number that was read of it; zero if none was. */
        long sequence() {
            return sequence;
        }

        /** Its end, if that was read. */
        Optional<RunState.Completed> ended() {
            return ended;
        }

        /** Whether it says more than the state has. */
        boolean isBeyond(RunState.Active state) {
            return sequence > state.totals().sequence()
                    || unreadable
                    || meanwhile.stream().anyMatch(it -> !StatedFacts.has(state, it));
        }

        private void number(long number) {
            sequence = Math.max(sequence, number);
            meanwhile.clear();
            unreadable = false;
        }
    }

    /** @param from the first offset that is to be read */
    SpineFold(EventCodec codec, long from) {
        this.codec = codec;
        this.from = from;
        this.next = from;
    }

    long from() {
        return from;
    }

    /** The offset to read on from. */
    long next() {
        return next;
    }

    Map<RunId, Trace> traces() {
        return traces;
    }

    /**
     * Reads on, up to what is written by now.
     *
     * @param most so many offsets at most, with gaps
     * @return the offset after that
     * @throws SpineTooLong if there are more; then nothing was read
     * @throws org.apache.kafka.common.KafkaException if it cannot be read to there
     */
    long readOn(SpineReading spine, int partition, long most) {
        next = spine.read(
                partition, next, most, record -> KafkaRecords.logRecord(record).ifPresent(this::take));
        return next;
    }

    private void take(LogRecord record) {
        String type = record.headers().type();
        if (type.equals(EventType.RUN_PROGRESS.wireName())) {
            return;
        }
        Trace trace = traces.computeIfAbsent(record.run(), _ -> new Trace());
        if (type.equals(EventType.RUN_CREATED.wireName()) && trace.created.isEmpty()) {
            trace.created = OptionalLong.of(record.offset());
        }
        boolean ends = type.equals(EventType.RUN_COMPLETED.wireName());
        record.headers().runSequence().ifPresent(trace::number);
        if (ends || record.headers().runSequence().isEmpty()) {
            decoded(record, trace);
        }
    }

    /** What cannot be read of it is found out when its state is made of the log. */
    private void decoded(LogRecord record, Trace trace) {
        try {
            RunEvent event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
            if (event.payload() instanceof RunFact.RunCompleted completed) {
                trace.ended =
                        Optional.of(new RunState.Completed(event.runId(), completed.outcome(), event.occurredAt()));
            } else {
                trace.meanwhile.add(event);
            }
        } catch (UndecodableRecord e) {
            LOG.warn("A {} of run {} cannot be read", record.headers().type(), record.run(), e);
            trace.unreadable = true;
        }
    }
}
