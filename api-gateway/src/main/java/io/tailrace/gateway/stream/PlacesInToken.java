package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.gateway.cursor.Cursors;
import java.util.function.Consumer;

/** Those of a few runs: a token has all of them. */
record PlacesInToken(RunPlaces places, Cursors cursors) implements ClientPlaces {
    @Override
    public void put(RunId run, RunPlace place) {
        places.put(run, place);
    }

    @Override
    public void over(RunId run) {
        // The place of its end says so.
    }

    @Override
    public boolean hasRoom(RunId run) {
        return true;
    }

    @Override
    public boolean fits() {
        return true;
    }

    @Override
    public String token() {
        return cursors.token(places);
    }

    @Override
    public void makeRoom(Consumer<Runnable> inTurn) {
        // There is room for all.
    }
}
