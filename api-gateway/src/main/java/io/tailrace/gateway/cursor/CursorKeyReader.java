package io.tailrace.gateway.cursor;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.gateway.readmodel.ReadModel;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads keys: a name, and the key in hexadecimal; a tombstone revokes it. Confined to the tail's thread. */
final class CursorKeyReader implements ReadModel {
    private final KeyRing ring;

    CursorKeyReader(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public void clear() {
        ring.clear();
    }

    @Override
    public void apply(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecord {
        byte @Nullable [] key = record.key();
        if (key == null) {
            throw new UndecodableRecord("it has no name");
        }
        String name = new String(key, StandardCharsets.UTF_8);
        byte @Nullable [] value = record.value();
        if (value == null) {
            ring.revoke(name);
            return;
        }
        // What it says instead may be a secret with a slip in it, so it is not repeated.
        String text = new String(value, StandardCharsets.US_ASCII).strip();
        ring.put(name, CursorKey.ofHex(text).orElseThrow(() -> new UndecodableRecord("it is no key")));
    }
}
