package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.access.RunAccess;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.subscription.Subscription;
import io.tailrace.gateway.subscription.SubscriptionPath;
import io.tailrace.gateway.subscription.Subscriptions;
import io.tailrace.gateway.view.MappedView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The runs of a stored subscription as Server-Sent Events over one connection, in the canonical view. */
@RestController
final class SubscriptionStreamController {
    private static final Set<String> PARAMETERS = Set.of("cursor", "lastEventId", "from");

    private final RunStreams streams;
    private final Subscriptions subscriptions;
    private final MappedView view;
    private final RunAccess access;

    SubscriptionStreamController(RunStreams streams, Subscriptions subscriptions, MappedView view, RunAccess access) {
        this.streams = streams;
        this.subscriptions = subscriptions;
        this.view = view;
        this.access = access;
    }

    @GetMapping("/v1/subscriptions/{id}/stream")
    void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        boolean fromNow = StreamRequest.fromNow(query);
        LastEventIds last = LastEventIds.of(request, query);
        Optional<Subscription> found = subscriptions.known(SubscriptionPath.id(id));
        if (found.isEmpty()) {
            streams.serveLater(view, request, response);
            return;
        }
        Subscription subscription = found.get();
        List<RunId> runs = subscription.runs();
        access.checkStreams(request, runs);
        // Runs that a cursor does not have begin with their first event, so that none of it is missed.
        boolean onlyNew = fromNow && last.texts().isEmpty();
        RunsRequest asked = new RunsRequest(
                runs,
                Optional.of(() -> subscriptions.isCurrent(subscription)),
                last.field(),
                last.texts(),
                onlyNew,
                view);
        streams.serve(asked, request, response);
    }
}
