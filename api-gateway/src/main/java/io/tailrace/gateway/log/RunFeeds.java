package io.tailrace.gateway.log;

import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.runlog.CursorRefused;
import io.tailrace.runlog.LogUnreadable;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLocation;
import io.tailrace.runlog.RunLog;
import io.tailrace.runlog.Start;

/** Opens runs for requests: why one cannot be read is a problem. The caller closes a feed. Thread-safe; blocks, bounded. */
public final class RunFeeds {
    private final RunLog log;

    RunFeeds(RunLog log) {
        this.log = log;
    }

    /**
     * A feed that goes on after what a client has.
     *
     * @throws RunProblem {@code malformed_cursor}, {@code foreign_cursor} or {@code log_unreadable}
     */
    public RunFeed after(RunView run, GivenCursor cursor, RunLog.Until until) throws InterruptedException {
        try {
            return log.open(RunLocation.of(run), cursor.start(), until);
        } catch (CursorRefused e) {
            throw RunProblem.cursorRefused(cursor.field(), e);
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
    }

    /**
     * A feed of a run from its first event.
     *
     * @throws RunProblem {@code log_unreadable}
     */
    public RunFeed fromBeginning(RunView run, RunLog.Until until) throws InterruptedException {
        return withoutCursor(run, new Start.FromBeginning(), until);
    }

    /**
     * A feed of what a run gets from now on.
     *
     * @throws RunProblem {@code log_unreadable}
     */
    public RunFeed fromNow(RunView run, RunLog.Until until) throws InterruptedException {
        return withoutCursor(run, new Start.Now(), until);
    }

    private RunFeed withoutCursor(RunView run, Start start, RunLog.Until until) throws InterruptedException {
        try {
            return log.open(RunLocation.of(run), start, until);
        } catch (CursorRefused e) {
            throw new IllegalStateException("there is no cursor to refuse", e);
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
    }
}
