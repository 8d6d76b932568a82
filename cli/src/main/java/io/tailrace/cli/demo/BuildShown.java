package io.tailrace.cli.demo;

import io.tailrace.cli.demo.CutWatch.Cut;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What came of the demo's build.
 *
 * @param missed how many events happened while its watcher was away
 */
record BuildShown(String run, boolean succeeded, Optional<Cut> cut, long missed, Comparison comparison)
        implements Shown {

    static BuildShown of(String run, boolean succeeded, CutWatch watch, List<WatchedEvent> logged) {
        return new BuildShown(
                run, succeeded, watch.cut(), watch.missedMeanwhile(), new Comparison(watch.events(), logged));
    }

    @Override
    public boolean isGood() {
        return succeeded && comparison.difference().isEmpty();
    }

    @Override
    public void explain(PrintStream out) {
        int events = comparison.logged().size();
        out.printf("The build%n");
        out.printf(
                "  Run %s was executed by a worker in real subprocesses; its %d events went through Kafka.%n",
                run, events);
        cut.ifPresentOrElse(
                it -> out.printf(
                        "  Its watcher's connection was cut after event %d, on purpose; %d events happened until it was"
                                + " back.%n",
                        it.after(), missed),
                () -> out.printf("  The run ended before its watcher's connection could be cut.%n"));
        comparison
                .difference()
                .ifPresentOrElse(
                        it -> out.printf("  The stream is NOT what the log has: %s%n", it),
                        () -> out.printf(
                                "  The stream, compared with the log event by event: all %d there, none missing, none"
                                        + " twice.%n",
                                events));
        if (!succeeded) {
            out.printf("  The build has NOT succeeded.%n");
        }
    }
}
