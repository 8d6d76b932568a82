package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.Definition;
import java.util.Optional;

/** Where a catalogue is recorded. Blocks, within bounds; confined to one thread. */
interface CatalogueLog<T extends Definition.Resource> {

    /**
     * What is recorded now; nothing if there is no catalogue, or none that this release can read.
     *
     * @throws CatalogueLogFailed if that cannot be found out
     */
    Optional<T> recorded() throws CatalogueLogFailed, InterruptedException;

    /**
     * Records another one. Returns when the log has it.
     *
     * @throws CatalogueLogFailed if the log did not take it, or not surely
     */
    void record(Definition catalogue) throws CatalogueLogFailed, InterruptedException;

    /** The log could not be read or written. */
    final class CatalogueLogFailed extends Exception {
        private static final long serialVersionUID = 1L;

        CatalogueLogFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
