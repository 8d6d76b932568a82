package io.tailrace.gateway.subscription;

import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.access.RunAccess;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.subscription.Subscriptions.Stored;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Subscriptions over HTTP: stored, shown, deleted. */
@RestController
@RequestMapping(path = "/v1/subscriptions", produces = MediaType.APPLICATION_JSON_VALUE)
final class SubscriptionsController {
    private final Subscriptions subscriptions;
    private final RunAccess access;
    private final JsonBody json;

    SubscriptionsController(Subscriptions subscriptions, RunAccess access, JsonBody json) {
        this.subscriptions = subscriptions;
        this.access = access;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) throws InterruptedException {
        QueryParameters _ = QueryParameters.of(request, Set.of());
        List<Map<String, Object>> all = new ArrayList<>();
        for (Subscription each : subscriptions.all()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", each.id());
            one.put("run_count", each.count());
            one.put("stored_at", each.storedAt().toString());
            all.add(one);
        }
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("subscriptions", all));
    }

    @GetMapping("/{id}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        QueryParameters _ = QueryParameters.of(request, Set.of());
        Subscription subscription = required(id, request);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(document(subscription));
    }

    @PutMapping("/{id}")
    ResponseEntity<Map<String, Object>> put(@PathVariable String id, HttpServletRequest request)
            throws IOException, InterruptedException, InvalidInput, HttpMediaTypeNotSupportedException {
        QueryParameters _ = QueryParameters.of(request, Set.of());
        String wanted = SubscriptionPath.id(id);
        List<RunId> runs = runs(Fields.of("", json.read(request), Set.of("runs")));
        access.checkStreams(request, runs);
        Optional<Subscription> before = subscriptions.find(wanted);
        if (before.isPresent()) {
            access.checkStreams(request, before.get().runs());
        }
        Stored stored = subscriptions.put(wanted, before, runs);
        ResponseEntity.BodyBuilder answer = stored.isNew()
                ? ResponseEntity.created(URI.create("/v1/subscriptions/" + wanted))
                : ResponseEntity.ok();
        return answer.body(document(stored.subscription()));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable String id, HttpServletRequest request) throws InterruptedException {
        QueryParameters _ = QueryParameters.of(request, Set.of());
        subscriptions.delete(required(id, request));
        return ResponseEntity.noContent().build();
    }

    /** Who may not have the stream of each of its runs may neither see it nor replace it nor delete it. */
    private Subscription required(String id, HttpServletRequest request) throws InterruptedException {
        Subscription subscription = subscriptions.require(SubscriptionPath.id(id));
        access.checkStreams(request, subscription.runs());
        return subscription;
    }

    private static List<RunId> runs(Fields fields) throws InvalidInput {
        List<?> given = fields.list("runs", Subscription.MAX_RUNS).orElseThrow(() -> fields.missing("runs"));
        if (given.isEmpty()) {
            throw new InvalidInput("too_few", "runs", "From 1 to " + Subscription.MAX_RUNS + " runs are needed");
        }
        Set<RunId> runs = new LinkedHashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String field = "runs[" + i + "]";
            if (!(given.get(i) instanceof String text && RunId.isLegal(text))) {
                throw RunProblem.malformedRunId(field);
            }
            if (!runs.add(new RunId(text))) {
                throw new InvalidInput("repeated_value", field, "The run " + text + " is named twice");
            }
        }
        return List.copyOf(runs);
    }

    private Map<String, Object> document(Subscription subscription) throws InterruptedException {
        Subscriptions.Ends ends = subscriptions.ends(subscription);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", subscription.id());
        document.put("runs", subscription.runs().stream().map(RunId::value).toList());
        document.put("run_count", subscription.count());
        document.put("ended_count", ends.ended());
        document.put("gone_count", ends.gone());
        document.put("stored_at", subscription.storedAt().toString());
        document.put("stream", "/v1/subscriptions/" + subscription.id() + "/stream");
        return document;
    }
}
