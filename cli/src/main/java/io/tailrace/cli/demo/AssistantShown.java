package io.tailrace.cli.demo;

import io.tailrace.cli.demo.CutWatch.Cut;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What came of the demo's assistant.
 *
 * @param missed how many events happened while its watcher was away
 */
record AssistantShown(String run, Optional<Cut> cut, long missed, AssistantProof proof) implements Shown {
    @Override
    public boolean isGood() {
        return proof.flaws().isEmpty();
    }

    @Override
    public void explain(PrintStream out) {
        int events = proof.logged().size();
        out.printf("The assistant%n");
        out.printf(
                "  Run %s: three prompts, %d events. The first was told what is in %s.%n",
                run, events, String.join(" and ", proof.found()));
        cut.ifPresent(it -> out.printf(
                "  Its watcher's connection was cut after event %d, on purpose; %d events happened until it was back.%n",
                it.after(), missed));
        proof.takeover().ifPresent(it -> it.explain(out));
        List<String> flaws = proof.flaws();
        flaws.forEach(flaw -> out.printf("  %s%n", flaw));
        if (flaws.isEmpty()) {
            out.printf("  The tool was executed once; the second attempt took its result from the log.%n");
            out.printf(
                    "  The stream, compared with the log event by event: all %d there, none missing, none twice.%n",
                    events);
        }
    }
}
