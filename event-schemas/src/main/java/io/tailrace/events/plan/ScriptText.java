package io.tailrace.events.plan;

/** How a tree of maps and lists is written as JSON: this module has no JSON of its own. */
@FunctionalInterface
public interface ScriptText {
    /** The JSON text of a tree; the same for equal trees. */
    String of(Object tree);
}
