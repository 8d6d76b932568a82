package io.tailrace.events.log;

import io.tailrace.events.id.WireName;
import java.util.Optional;

/**
 * What a record means for order and fencing, told by a header, so that a reader that does not know a record's type
 * still orders, fences and numbers it like everybody else.
 */
public enum Mark implements WireName {
    /** Nothing in particular. */
    NONE("none"),
    /** An attempt claims its stage ({@code attempt.started}). */
    CLAIM("claim"),
    /** The holder's record that ends its stage. */
    TERMINAL("terminal"),
    /** The coordinator's record that ends a stage whoever holds it ({@code stage.aborted}). */
    ABORT("abort"),
    /** Opens a chapter, on the spine ({@code stage.requested}). */
    CHAPTER_OPEN("chapter-open"),
    /** Closes a chapter, on the spine ({@code stage.finished}). */
    CHAPTER_CLOSE("chapter-close"),
    /** The last record of a run ({@code run.completed}). */
    RUN_END("run-end");

    private final String wireName;

    Mark(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** The mark with this wire name. */
    public static Optional<Mark> named(String wireName) {
        for (Mark mark : values()) {
            if (mark.wireName.equals(wireName)) {
                return Optional.of(mark);
            }
        }
        return Optional.empty();
    }
}
