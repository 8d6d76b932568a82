package io.tailrace.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.display.ApprovalLines;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The questions of a run that nobody has answered. */
final class OpenApprovals {
    private static final int EXIT_DECIDED = 0;
    private static final int EXIT_NOT_DECIDED = 1;

    private OpenApprovals() {}

    /**
     * Answers a question, or shows and answers the only one that is open. Lists the open ones if there are several, and answers none.
     *
     * @return the exit code
     * @throws GatewayFailure if none is open
     */
    static int decide(
            GatewayClient client,
            String run,
            Optional<String> approval,
            boolean approved,
            Optional<String> reason,
            PrintStream out) {
        Optional<String> wanted = approval;
        if (wanted.isEmpty()) {
            List<JsonNode> open = new ArrayList<>();
            client.run(run).path("approvals").forEach(open::add);
            if (open.isEmpty()) {
                throw new GatewayFailure("Run " + run + " asks nobody whether a tool may be called");
            }
            if (open.size() > 1) {
                out.println("Several calls wait; name one:");
                open.forEach(it -> out.println(ApprovalLines.open(it)));
                return EXIT_NOT_DECIDED;
            }
            out.println(ApprovalLines.open(open.getFirst()));
            wanted = Optional.of(open.getFirst().path("approval_id").asText());
        }
        out.println(ApprovalLines.answered(client.decide(run, wanted.get(), approved, reason)));
        return EXIT_DECIDED;
    }
}
