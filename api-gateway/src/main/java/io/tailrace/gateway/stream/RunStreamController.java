package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.view.EventJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A run as Server-Sent Events in the canonical view. */
@RestController
final class RunStreamController {
    private static final Set<String> PARAMETERS = Set.of("cursor", "lastEventId", "from");

    private final RunStreams streams;
    private final CanonicalFrames view;

    RunStreamController(RunStreams streams, EventJson events, Cursors cursors) {
        this.streams = streams;
        this.view = new CanonicalFrames(events, cursors);
    }

    @GetMapping("/v1/runs/{id}/stream")
    void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        Optional<LastEventId> last = LastEventId.of(request, query);
        Optional<String> from = query.text("from");
        if (from.isPresent() && !from.get().equals("now")) {
            throw RunProblem.invalid("invalid_value", "from", "The only value is now.");
        }
        streams.serve(new StreamRequest(run, last, from.isPresent(), view, _ -> {}), request, response);
    }
}
