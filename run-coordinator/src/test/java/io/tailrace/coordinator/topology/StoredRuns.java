package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunState;
import io.tailrace.events.codec.UndecodableRecord;

/** Stores a run's state as the table does, and takes it out again. */
public final class StoredRuns {
    private static final StateCodecs CODECS = new StateCodecs();

    private StoredRuns() {}

    /** What is left of a state after a restart. */
    public static RunState.Active restored(RunState.Active state) {
        try {
            byte[] brief = CODECS.briefs.encode(state.brief());
            byte[] run = CODECS.runs.encode(StoredRun.of(state));
            return CODECS.runs.decode(run).toState(CODECS.briefs.decode(brief));
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }
}
