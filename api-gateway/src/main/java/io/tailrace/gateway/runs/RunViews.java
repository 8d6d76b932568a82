package io.tailrace.gateway.runs;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.readmodel.ReadModel;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Fills the catalogue from the topic of views. Confined to the tail's thread. */
final class RunViews implements ReadModel {
    private final EventCodec codec;
    private final RunCatalogue catalogue;

    RunViews(EventCodec codec, RunCatalogue catalogue) {
        this.codec = codec;
        this.catalogue = catalogue;
    }

    @Override
    public void clear() {
        catalogue.clear();
    }

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecord {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        String id = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        if (!RunId.isLegal(id)) {
            throw new UndecodableRecord("its key is no run id");
        } else if (value == null) {
            catalogue.remove(new RunId(id));
        } else {
            RunView view = codec.decode(Topic.RUNS, RunView.class, value);
            if (!view.runId().value().equals(id)) {
                throw new UndecodableRecord("its key and its value name different runs");
            }
            catalogue.put(view, value);
        }
    }
}
