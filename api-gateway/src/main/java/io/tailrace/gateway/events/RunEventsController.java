package io.tailrace.gateway.events;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The events of a run up to what the log has when it is asked: a page of JSON, or NDJSON of any size. Who wants what
 * comes later takes the stream.
 */
@RestController
final class RunEventsController {
    private static final Set<String> PARAMETERS = Set.of("type", "from", "to", "limit", "cursor", "format");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    private final EventAnswers answers;
    private final EventJson view;
    private final Cursors cursors;

    RunEventsController(EventAnswers answers, EventJson view, Cursors cursors) {
        this.answers = answers;
        this.view = view;
        this.cursors = cursors;
    }

    @GetMapping("/v1/runs/{id}/events")
    void events(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException, HttpMediaTypeNotAcceptableException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        EventSelection selection = new EventSelection(
                types(query),
                query.number("from", 1, Long.MAX_VALUE).orElse(1),
                query.number("to", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE));
        EventRequest asked = EventRequest.of(run, query, request, cursors);
        answers.answer(asked, _ -> {}, new SelectedEvents(view, selection), response);
    }

    private static Set<String> types(QueryParameters query) {
        Set<String> types = new HashSet<>(query.texts("type"));
        if (!types.stream().allMatch(it -> TYPE.matcher(it).matches())) {
            throw RunProblem.invalid("invalid_value", "type", "A type is as in console.line.");
        }
        return types;
    }
}
