package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunPlace;
import java.util.function.Consumer;

/** Where the client of a connection is in each of its runs, and the token that says so. Thread-safe. */
interface ClientPlaces {
    /** Notes where it is in a run now. */
    void put(RunId run, RunPlace place);

    /** Notes that it has all of a run. */
    void over(RunId run);

    /** Whether a token still has room once this run has moved. */
    boolean hasRoom(RunId run);

    /** Whether a token has room for all that has moved. */
    boolean fits();

    /**
     * The token of all places.
     *
     * @throws io.tailrace.gateway.problem.RunProblem {@code catalogue_behind} if there is no key yet
     */
    String token();

    /**
     * Makes room where it gets short, if that may be done now. Never blocks.
     *
     * @param inTurn runs what has to be done later, while nobody makes a token
     */
    void makeRoom(Consumer<Runnable> inTurn);
}
