package io.tailrace.events.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as plain trees of maps, lists, texts, numbers and truth values, with wire names: what JSON is made of. */
public final class WireTree {
    private WireTree() {}

    /** The tree of a record; absent values have no entry. A new, mutable map. */
    public static Map<String, @Nullable Object> of(Record value) {
        return RecordShape.of(value.getClass()).toTree(value);
    }
}
