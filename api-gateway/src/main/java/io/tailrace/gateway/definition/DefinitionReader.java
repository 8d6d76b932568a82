package io.tailrace.gateway.definition;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.readmodel.ReadModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Gives each definition to every feature. Confined to the tail's thread. */
final class DefinitionReader implements ReadModel {
    private final EventCodec codec;
    private final List<DefinitionModel> models;

    DefinitionReader(EventCodec codec, List<DefinitionModel> models) {
        this.codec = codec;
        this.models = List.copyOf(models);
    }

    @Override
    public void clear() {
        models.forEach(DefinitionModel::clear);
    }

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecord {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        Definition definition = codec.decode(Topic.DEFINITIONS, Definition.class, value);
        byte @Nullable [] key = record.key();
        if (key == null || !new String(key, StandardCharsets.UTF_8).equals(definition.key())) {
            throw new UndecodableRecord("its key and its value name different things");
        }
        models.forEach(it -> it.apply(definition));
    }
}
