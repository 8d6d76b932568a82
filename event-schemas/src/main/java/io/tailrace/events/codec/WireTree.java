package io.tailrace.events.codec;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as plain trees of maps, lists, texts, numbers and truth values, with wire names: what JSON is made of. */
public final class WireTree {
    private WireTree() {}

    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** A moment as text: RFC 3339 in UTC with exactly three digits of a second, so that texts sort as the moments do. */
    public static String text(Instant moment) {
        return MILLISECONDS.format(moment);
    }

    /** The tree of a record; absent values have no entry. A new, mutable map. */
    public static Map<String, @Nullable Object> of(Record value) {
        return RecordShape.of(value.getClass()).toTree(value);
    }
}
