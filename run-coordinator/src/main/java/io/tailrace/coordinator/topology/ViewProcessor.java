package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.view.RunProjection;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the views of one partition's runs up to date in the topic {@code runs}, and removes those of runs that ended
 * longer ago than the log remembers. Confined to a stream thread.
 */
final class ViewProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(ViewProcessor.class);
    private static final int SWEEP_LIMIT = 1000;

    private final TopologyParts parts;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable ViewTable table;
    private boolean foreign;

    ViewProcessor(TopologyParts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> initial) {
        ViewTable views = new ViewTable(initial.getStateStore(RunTopology.VIEW_STORE), parts.codec());
        foreign = views.isOfAnotherLog(parts.settings().log());
        views.belongsTo(parts.settings().log());
        if (foreign) {
            int partition = initial.taskId().partition();
            parts.positions()
                    .readFrom(
                            Topic.RUN_EVENTS,
                            partition,
                            parts.positions()
                                    .bounds(Topic.RUN_EVENTS, partition)
                                    .start());
        }
        context = initial;
        table = views;
        initial.schedule(
                parts.settings().sweepInterval(), PunctuationType.WALL_CLOCK_TIME, now -> sweep(initial, views, now));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], byte[]> here = context;
        ViewTable views = table;
        if (here == null || views == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        dropForeign(here, views, record.timestamp());
        RecordMetadata metadata = here.recordMetadata().orElseThrow();
        byte @Nullable [] value = record.value();
        if (value == null) {
            putAside(metadata, "it has no value");
            return;
        }
        try {
            RunEvent event = parts.codec().decode(Topic.RUN_EVENTS, RunEvent.class, value);
            Optional<RunView> before = views.view(event.runId());
            Optional<RunView> after = RunProjection.project(before, event, metadata.partition(), metadata.offset());
            if (after.isEmpty()) {
                putAside(metadata, "the creation of its run, " + event.runId() + ", is not known");
                return;
            }
            ProducerRecord<byte[], byte[]> out = parts.records().runView(after.get());
            views.save(out.key(), out.value());
            here.forward(new Record<>(out.key(), out.value(), record.timestamp()));
        } catch (UndecodableRecord e) {
            putAside(metadata, String.valueOf(e.getMessage()));
        }
    }

    private void sweep(ProcessorContext<byte[], byte[]> here, ViewTable views, long now) {
        dropForeign(here, views, now);
        Instant before = parts.clock().instant().minus(parts.settings().retention());
        tombstones(here, views.removeEnded(SWEEP_LIMIT, before), now);
    }

    /** Views of a log that was re-created show what is not there. */
    private void dropForeign(ProcessorContext<byte[], byte[]> here, ViewTable views, long now) {
        if (foreign) {
            foreign = false;
            LOG.warn(
                    "Partition {} was re-created: the views of its runs are removed",
                    here.taskId().partition());
            tombstones(here, views.clear(), now);
        }
    }

    @SuppressWarnings("NullAway") // a record without a value is how Kafka removes a key
    private static void tombstones(ProcessorContext<byte[], byte[]> here, List<byte[]> keys, long now) {
        keys.forEach(key -> here.forward(new Record<byte[], byte[]>(key, null, now)));
    }

    private void putAside(RecordMetadata metadata, String reason) {
        parts.metrics().undecodable(metadata.topic());
        LOG.warn("Put aside {}-{}@{}: {}", metadata.topic(), metadata.partition(), metadata.offset(), reason);
    }
}
