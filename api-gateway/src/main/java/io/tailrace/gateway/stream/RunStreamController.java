package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.view.NamedView;
import io.tailrace.gateway.view.StreamView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A run as Server-Sent Events, in the view that the client names. */
@RestController
final class RunStreamController {
    private static final Set<String> PARAMETERS = Set.of("cursor", "lastEventId", "from", "view");

    private final RunStreams streams;
    private final Map<String, StreamView> views = new TreeMap<>();

    /** @throws IllegalStateException if two views have the same name */
    RunStreamController(RunStreams streams, List<NamedView> views) {
        this.streams = streams;
        for (NamedView each : views) {
            if (this.views.put(each.name(), each.view()) != null) {
                throw new IllegalStateException("two views are called " + each.name());
            }
        }
    }

    @GetMapping("/v1/runs/{id}/stream")
    void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        Optional<LastEventId> last = LastEventId.of(request, query);
        boolean fromNow = StreamRequest.fromNow(query);
        streams.serve(new StreamRequest(run, last, fromNow, view(query), _ -> {}), request, response);
    }

    private StreamView view(QueryParameters query) {
        StreamView view = views.get(query.text("view").orElse(NamedView.DEFAULT));
        if (view == null) {
            throw RunProblem.invalid("invalid_value", "view", "Known: " + String.join(", ", views.keySet()) + ".");
        }
        return view;
    }
}
