package io.tailrace.events.plan;

/** A member of a closed set that says in its JSON form which member it is. */
public interface Tagged {
    /** The JSON field that tells the members apart. */
    String tagName();

    /** This member's value of that field. */
    String tag();
}
