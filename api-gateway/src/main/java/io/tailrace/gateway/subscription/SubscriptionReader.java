package io.tailrace.gateway.subscription;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.gateway.readmodel.ReadModel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** All subscriptions that the log has, in memory; a tombstone deletes one. Written by the tail's thread, read by any. */
final class SubscriptionReader implements ReadModel {
    private final Map<String, Subscription> subscriptions = new ConcurrentSkipListMap<>();

    @Override
    public void clear() {
        subscriptions.clear();
    }

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecord {
        byte @Nullable [] key = record.key();
        String id = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        if (!SubscriptionPath.isId(id)) {
            throw new UndecodableRecord("it has no id of a subscription");
        }
        byte @Nullable [] value = record.value();
        if (value == null) {
            subscriptions.remove(id);
        } else {
            Instant storedAt = Instant.ofEpochMilli(record.timestamp());
            subscriptions.put(id, Subscription.read(id, value, record.offset(), storedAt));
        }
    }

    Optional<Subscription> find(String id) {
        return Optional.ofNullable(subscriptions.get(id));
    }

    /** All, by id. */
    List<Subscription> all() {
        return List.copyOf(subscriptions.values());
    }

    /** How many runs all of them have together. */
    int runs() {
        return subscriptions.values().stream().mapToInt(Subscription::count).sum();
    }
}
