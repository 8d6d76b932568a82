package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.demo.CutWatch.Cut;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What came of the demo's chat.
 *
 * @param missed how many events happened while its watcher was away
 */
record ChatShown(String run, Optional<Cut> cut, long missed, ChatProof proof) implements Shown {

    /** How many words of an answer stand for its beginning, and for its end. */
    private static final int QUOTED = 4;

    @Override
    public boolean isGood() {
        return proof.flaws().isEmpty();
    }

    @Override
    public void explain(PrintStream out) {
        int events = proof.logged().size();
        out.printf("The chat%n");
        out.printf("  Two watchers followed run %s, of %d events.%n", run, events);
        cut.ifPresentOrElse(
                it -> out.printf(
                        "  The connection of one was cut after event %d, on purpose; %d events happened until it was"
                                + " back. The other's was left alone.%n",
                        it.after(), missed),
                () -> out.printf("  The chat ended before the connection of one could be cut.%n"));
        proof.takeover().ifPresent(it -> it.explain(out));
        List<String> flaws = proof.flaws();
        flaws.forEach(flaw -> out.printf("  %s%n", flaw));
        if (flaws.isEmpty()) {
            out.printf(
                    "  Both streams, compared with the log event by event: all %d there, none missing, none twice.%n",
                    events);
            out.printf("  The conversation, as GET /v1/runs/%s/messages has it: each answer once, and whole.%n", run);
            proof.conversation().forEach(turn -> quote(turn, out));
        }
    }

    private static void quote(JsonNode turn, PrintStream out) {
        List<String> words =
                List.of(turn.path("assistant").path("text").asText().split(" "));
        int attempts = turn.path("attempts").asInt();
        out.printf("    > %s%n", turn.path("user").path("text").asText());
        out.printf(
                "      %s … %s   (%d words, %d attempt%s)%n",
                String.join(" ", words.subList(0, QUOTED)),
                String.join(" ", words.subList(words.size() - QUOTED, words.size())),
                words.size(),
                attempts,
                attempts == 1 ? "" : "s");
    }
}
