package io.tailrace.events.id;

/** An enum whose wire form is a string of its own instead of the lower-case constant name. */
public interface WireName {
    /** The string on the wire, unique within the enum. */
    String wireName();
}
