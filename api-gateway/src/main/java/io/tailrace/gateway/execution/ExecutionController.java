package io.tailrace.gateway.execution;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.events.EventAnswers;
import io.tailrace.gateway.events.EventRequest;
import io.tailrace.gateway.problem.ExecutionProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.stream.LastEventId;
import io.tailrace.gateway.stream.RunStreams;
import io.tailrace.gateway.stream.StreamRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Executions of assistants over HTTP: streamed, and read back. */
@RestController
@RequestMapping("/api/assistant-architect")
final class ExecutionController {
    private static final Set<String> STREAM_PARAMETERS = Set.of("cursor", "lastEventId");
    private static final Set<String> HISTORY_PARAMETERS = Set.of("type", "limit", "cursor", "format");

    private final RunStreams streams;
    private final EventAnswers answers;
    private final ExecutionEvents events;
    private final ExecutionView view;
    private final Cursors cursors;

    ExecutionController(
            RunStreams streams, EventAnswers answers, ExecutionEvents events, ExecutionView view, Cursors cursors) {
        this.streams = streams;
        this.answers = answers;
        this.events = events;
        this.view = view;
        this.cursors = cursors;
    }

    @GetMapping("/events/{execution}")
    void stream(@PathVariable String execution, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        RunId run = RunPath.run(execution);
        QueryParameters query = QueryParameters.of(request, STREAM_PARAMETERS);
        streams.serve(
                new StreamRequest(run, LastEventId.of(request, query), false, view, ExecutionController::check),
                request,
                response);
    }

    @GetMapping("/executions/{execution}/events")
    void history(@PathVariable String execution, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException, HttpMediaTypeNotAcceptableException {
        RunId run = RunPath.run(execution);
        QueryParameters query = QueryParameters.of(request, HISTORY_PARAMETERS);
        Set<ExecutionEventType> types = types(query);
        EventRequest asked = EventRequest.of(run, query, request, cursors);
        answers.answer(asked, ExecutionController::check, new ExecutionRows(events, run, types), response);
    }

    private static void check(RunView found) {
        if (found.plan().assistant().isEmpty()) {
            throw ExecutionProblem.notAnExecution(found.runId());
        }
    }

    private static Set<ExecutionEventType> types(QueryParameters query) {
        Set<ExecutionEventType> types = EnumSet.noneOf(ExecutionEventType.class);
        for (String name : query.texts("type")) {
            types.add(ExecutionEventType.named(name)
                    .orElseThrow(() -> ExecutionProblem.unknownEventType(Stream.of(ExecutionEventType.values())
                            .map(ExecutionEventType::wireName)
                            .toList())));
        }
        return types;
    }
}
