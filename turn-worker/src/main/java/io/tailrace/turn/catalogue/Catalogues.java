package io.tailrace.turn.catalogue;

import java.util.List;

/** All catalogues of a worker. */
public final class Catalogues implements AutoCloseable {
    private final List<CataloguePublisher<?>> publishers;

    Catalogues(List<CataloguePublisher<?>> publishers) {
        this.publishers = List.copyOf(publishers);
    }

    /** Begins to record them, the first time that it is called; does not block. */
    public void start() {
        publishers.forEach(CataloguePublisher::start);
    }

    /** Whether the log has had all of them. */
    boolean areRecorded() {
        return publishers.stream().allMatch(CataloguePublisher::isRecorded);
    }

    @Override
    public void close() {
        publishers.forEach(CataloguePublisher::close);
    }
}
