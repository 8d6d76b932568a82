package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunsToken;
import io.tailrace.gateway.access.RunAccess;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.view.MappedView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Several runs as Server-Sent Events over one connection, in the canonical view. */
@RestController
final class RunsStreamController {
    private static final String RUN = "run";
    private static final Set<String> PARAMETERS = Set.of(RUN, "cursor", "lastEventId", "from");

    private final RunStreams streams;
    private final MappedView view;
    private final RunAccess access;

    RunsStreamController(RunStreams streams, MappedView view, RunAccess access) {
        this.streams = streams;
        this.view = view;
        this.access = access;
    }

    @GetMapping("/v1/streams")
    void stream(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        List<RunId> runs = runs(query);
        boolean fromNow = StreamRequest.fromNow(query);
        access.checkStreams(request, runs);
        LastEventIds last = LastEventIds.of(request, query);
        RunsRequest asked = new RunsRequest(runs, Optional.empty(), last.field(), last.texts(), fromNow, view);
        streams.serve(asked, request, response);
    }

    private static List<RunId> runs(QueryParameters query) {
        List<String> texts = query.texts(RUN);
        if (texts.isEmpty()) {
            throw RunProblem.invalid("missing_parameter", RUN, "From 1 to " + RunsToken.MAX_RUNS + " runs are needed.");
        }
        if (texts.size() > RunsToken.MAX_RUNS) {
            throw RunProblem.invalid("too_many", RUN, "At most " + RunsToken.MAX_RUNS + " runs are allowed.");
        }
        List<RunId> runs = new ArrayList<>();
        for (String text : texts) {
            RunId run = RunPath.run(RUN, text);
            if (runs.contains(run)) {
                throw RunProblem.invalid("repeated_value", RUN, "The run " + run + " is named twice.");
            }
            runs.add(run);
        }
        return runs;
    }
}
