package io.tailrace.builds.artifact;

import io.tailrace.events.definition.ArtifactRef;
import java.util.function.BooleanSupplier;

/** Where the chunks of an archive come from. Safe from any thread; a call blocks. */
public interface ArtifactSource {

    /**
     * Hands over the chunks, in any order, some perhaps twice, until the receiver has all or there are no more.
     *
     * @param stopped asked now and then; true ends the call early
     * @throws ArchiveProblem when the log cannot be read, or the receiver refuses
     */
    void read(ArtifactRef archive, Receiver receiver, BooleanSupplier stopped) throws ArchiveProblem;

    /** Takes chunks. */
    interface Receiver {
        /**
         * Takes a chunk, counted from 0.
         *
         * @return whether there are all
         */
        boolean chunk(int index, byte[] bytes) throws ArchiveProblem;
    }
}
