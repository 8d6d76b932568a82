package io.tailrace.gateway.chat;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Conversations over HTTP, as the log has them. */
@RestController
@RequestMapping(path = "/v1/runs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class ConversationController {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final long MAX_CHARS = 2 * 1024 * 1024;

    private final Chats chats;
    private final ConversationLog conversations;
    private final Cursors cursors;

    ConversationController(Chats chats, ConversationLog conversations, Cursors cursors) {
        this.chats = chats;
        this.conversations = conversations;
        this.cursors = cursors;
    }

    @GetMapping("/messages")
    ResponseEntity<Map<String, @Nullable Object>> messages(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        RunId run = RunPath.run(id);
        QueryParameters query = QueryParameters.of(request, Set.of("after", "limit"));
        Optional<TurnId> after = query.text("after").map(it -> turn("after", it));
        int limit = query.count("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        RunView chat = chats.require(run);
        Transcript transcript = new Transcript(new Selection.Page(after, limit, MAX_CHARS));
        RunCursor cursor = conversations.fill(transcript, chat);
        if (!transcript.hasBegun()) {
            throw ChatProblem.unknownTurn("after", run, after.orElseThrow());
        }
        List<ConversationTurn> turns = transcript.turns();
        boolean more = transcript.hasMore();
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("run_id", run.value());
        page.put("turns", turns.stream().map(WireTree::of).toList());
        page.put("next_after", more ? turns.getLast().turnId().value() : null);
        // With more pages to come the stream is not where this one ends.
        page.put("cursor", more ? null : cursors.token(run, cursor));
        return ok(page);
    }

    @GetMapping("/checkpoint")
    ResponseEntity<Map<String, @Nullable Object>> checkpoint(@PathVariable String id, HttpServletRequest request)
            throws InterruptedException {
        RunId run = RunPath.run(id);
        Optional<TurnId> wanted =
                QueryParameters.of(request, Set.of("turn")).text("turn").map(it -> turn("turn", it));
        RunView chat = chats.require(run);
        Transcript transcript =
                new Transcript(wanted.<Selection>map(Selection.One::new).orElseGet(Selection.LatestCheckpoint::new));
        RunCursor _ = conversations.fill(transcript, chat);
        Optional<TurnFold> found = wanted.isPresent()
                ? Optional.of(transcript
                        .turn(wanted.get())
                        .orElseThrow(() -> ChatProblem.unknownTurn("turn", run, wanted.get())))
                : transcript.latestCheckpointed();
        Checkpoint checkpoint = found.flatMap(TurnFold::checkpoint).orElseThrow(() -> ChatProblem.noCheckpoint(run));
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("run_id", run.value());
        tree.put("checkpoint", WireTree.of(checkpoint));
        tree.put("turn", WireTree.of(found.orElseThrow().turn()));
        return ok(tree);
    }

    private static TurnId turn(String parameter, String text) {
        if (!TurnId.isLegal(text)) {
            throw ChatProblem.malformedTurnId(parameter);
        }
        return new TurnId(text);
    }

    private static ResponseEntity<Map<String, @Nullable Object>> ok(Map<String, @Nullable Object> tree) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(tree);
    }
}
