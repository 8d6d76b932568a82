package io.tailrace.runlog;

/** A cursor that no gateway can have given out for this run. */
public final class CursorRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether it was made for another run; otherwise it contradicts the log's layout. */
    private final boolean foreign;

    private CursorRefused(boolean foreign, String message) {
        super(message);
        this.foreign = foreign;
    }

    static CursorRefused ofAnotherRun() {
        return new CursorRefused(true, "it was made for another run");
    }

    static CursorRefused contradictory(String what) {
        return new CursorRefused(false, what);
    }

    public boolean isForeign() {
        return foreign;
    }
}
