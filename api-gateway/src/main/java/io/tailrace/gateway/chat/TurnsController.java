package io.tailrace.gateway.chat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.gateway.api.CommandAnswer;
import io.tailrace.gateway.api.RunJson;
import io.tailrace.gateway.command.ChatCommands;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.IdempotencyKey;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.QueryParameters;
import io.tailrace.gateway.request.RunPath;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Turns over HTTP: submitted, shown, canceled, repeated; and the end of a chat. */
@RestController
@RequestMapping(path = "/v1/runs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class TurnsController {
    private static final int MAX_REASON = 500;

    private final Chats chats;
    private final ChatCommands commands;
    private final ConversationLog conversations;
    private final RunJson runJson;
    private final JsonBody body;

    TurnsController(Chats chats, ChatCommands commands, ConversationLog conversations, RunJson runJson, JsonBody body) {
        this.chats = chats;
        this.commands = commands;
        this.conversations = conversations;
        this.runJson = runJson;
        this.body = body;
    }

    @PostMapping("/turns")
    ResponseEntity<Map<String, @Nullable Object>> submit(@PathVariable String id, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        Optional<String> key = IdempotencyKey.of(request);
        TurnInput input = TurnBody.read(body.read(request));
        return submit(chats.require(run), input, key);
    }

    @PostMapping("/turns/{turn}/retry")
    ResponseEntity<Map<String, @Nullable Object>> retry(
            @PathVariable String id, @PathVariable String turn, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        TurnId failed = RunPath.turn(turn);
        Optional<String> key = IdempotencyKey.of(request);
        Optional<Object> tree = body.readIfThere(request);
        if (tree.isPresent()) {
            var _ = Fields.of("", tree.get(), Set.of());
        }
        RunView chat = chats.requireEnded(run, failed);
        TurnView before = require(chat, failed);
        switch (before.status()) {
            case FAILED, CANCELED, REJECTED -> {}
            case QUEUED, RUNNING, SUCCEEDED -> throw ChatProblem.turnNotFailed(failed, before.status());
        }
        TurnInput asked = conversations
                .find(chat, failed, OptionalLong.empty())
                .flatMap(TurnFold::input)
                .orElseThrow(() -> ChatProblem.turnInputUnknown(failed));
        TurnInput again =
                new TurnInput(asked.text(), asked.model(), asked.generation(), asked.script(), Optional.of(failed));
        return submit(chat, again, key);
    }

    private ResponseEntity<Map<String, @Nullable Object>> submit(RunView chat, TurnInput input, Optional<String> key)
            throws InterruptedException {
        RunId run = chat.runId();
        TurnId turn = commands.turnId(run, key);
        Optional<TurnView> before = key.isPresent() ? ChatCommands.turn(chat, turn) : Optional.empty();
        if (before.isPresent()) {
            requireSame(input, turn, conversations.find(chat, turn, OptionalLong.empty()));
            return replayed(run, before.get());
        }
        if (chat.status().isFinal()) {
            throw ChatProblem.runEnded(run);
        }
        Optional<TurnView> decided = commands.submit(run, turn, input, key.isPresent());
        if (key.isPresent()) {
            // The turn is younger than the view, unless it is so old that views do not show it any more.
            OptionalLong from = decided.isPresent() ? OptionalLong.of(chat.lastOffset()) : OptionalLong.empty();
            Optional<TurnFold> recorded = conversations.find(chat, turn, from);
            requireSame(input, turn, recorded);
            if (decided.isEmpty() && recorded.isPresent()) {
                return replayed(run, recorded.get().turn().view());
            }
        }
        String cursor = runJson.cursor(chat);
        if (decided.isEmpty()) {
            return CommandAnswer.at(TurnJson.location(run, turn), HttpStatus.ACCEPTED)
                    .body(TurnJson.pending(run, turn, cursor, commands.waitingFor(run)));
        }
        requireAccepted(decided.get());
        return CommandAnswer.at(TurnJson.location(run, turn), HttpStatus.CREATED)
                .body(TurnJson.of(run, decided.get(), Optional.of(cursor)));
    }

    private ResponseEntity<Map<String, @Nullable Object>> replayed(RunId run, TurnView turn) {
        commands.replayed();
        requireAccepted(turn);
        return CommandAnswer.at(TurnJson.location(run, turn.turnId()), HttpStatus.OK)
                .header("Idempotency-Replayed", "true")
                .body(TurnJson.of(run, turn, Optional.empty()));
    }

    private static void requireAccepted(TurnView turn) {
        if (turn.status() == TurnStatus.REJECTED) {
            throw ChatProblem.rejected(turn);
        }
    }

    /** Of a turn that was not accepted the log does not have what was asked: that cannot be compared. */
    private static void requireSame(TurnInput input, TurnId turn, Optional<TurnFold> recorded) {
        if (recorded.flatMap(TurnFold::input).filter(it -> !it.equals(input)).isPresent()) {
            throw ChatProblem.idempotencyKeyReused(turn);
        }
    }

    @GetMapping("/turns/{turn}")
    ResponseEntity<Map<String, @Nullable Object>> one(
            @PathVariable String id, @PathVariable String turn, HttpServletRequest request)
            throws InterruptedException {
        RunId run = RunPath.run(id);
        TurnId wanted = RunPath.turn(turn);
        var _ = QueryParameters.of(request, Set.of());
        TurnView found = require(chats.require(run), wanted);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(TurnJson.of(run, found, Optional.empty()));
    }

    @PostMapping("/turns/{turn}/cancel")
    ResponseEntity<Map<String, @Nullable Object>> cancel(
            @PathVariable String id, @PathVariable String turn, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        TurnId wanted = RunPath.turn(turn);
        Optional<String> reason = reason(request);
        TurnView found = require(chats.require(run), wanted);
        boolean active = switch (found.status()) {
            case QUEUED, RUNNING -> true;
            case SUCCEEDED, FAILED, CANCELED, REJECTED -> false;
        };
        if (active) {
            commands.cancel(run, wanted, reason);
        }
        return CommandAnswer.at(TurnJson.location(run, wanted), active ? HttpStatus.ACCEPTED : HttpStatus.OK)
                .body(TurnJson.of(run, found, Optional.empty()));
    }

    @PostMapping("/close")
    ResponseEntity<Map<String, @Nullable Object>> close(@PathVariable String id, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        Optional<String> reason = reason(request);
        return CommandAnswer.ended(commands.close(chats.require(run), reason), run, runJson);
    }

    private Optional<String> reason(HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException {
        Optional<Object> tree = body.readIfThere(request);
        return tree.isEmpty()
                ? Optional.empty()
                : Fields.of("", tree.get(), Set.of("reason")).text("reason", MAX_REASON);
    }

    /**
     * The turn as the view has it, or else the log: what views do not show any more, or not yet at this gateway.
     *
     * @throws RunProblem {@code unknown_turn}
     */
    private TurnView require(RunView chat, TurnId turn) throws InterruptedException {
        Optional<TurnView> recent = ChatCommands.turn(chat, turn);
        if (recent.isPresent()) {
            return recent.get();
        }
        return conversations
                .find(chat, turn, OptionalLong.empty())
                .map(it -> it.turn().view())
                .orElseThrow(() -> ChatProblem.unknownTurn("turn_id", chat.runId(), turn));
    }
}
