package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import java.util.Optional;

/** Where the catalogue of providers is recorded. Blocks, within bounds; confined to one thread. */
interface CatalogueLog {

    /**
     * What is recorded now; nothing if there is no catalogue, or none that this release can read.
     *
     * @throws CatalogueLogFailed if that cannot be found out
     */
    Optional<ProviderCatalogue> recorded() throws CatalogueLogFailed, InterruptedException;

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
