package io.tailrace.runlog;

import java.util.List;

/** What a reader finds after its position. */
sealed interface ReadResult {
    /**
     * At least one thing.
     *
     * @param noticesTold how many notices were told up to here, those in it included
     */
    record Found(List<Delivery> deliveries, long noticesTold) implements ReadResult {}

    /** Nothing has come, or the reader was woken. */
    record Nothing() implements ReadResult {}

    /** What comes next has been let go already, or will not come for a while: it has to be read from the log. */
    record NotHere() implements ReadResult {}

    /** Nothing will come from here any more. */
    record Retired(Retirement why) implements ReadResult {}

    /** Why a source of deliveries is no good any more. */
    enum Retirement {
        /** The log is another one. */
        EPOCH,
        /** The log was cut off and has, or will have, something else in its place. */
        CUT_OFF,
        /** Nobody wanted it any more, or it turned out to be wrong: the same reader is served by a new one. */
        REPLACED
    }
}
