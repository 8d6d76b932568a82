package io.tailrace.gateway.api;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.command.CommandOutcome;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** What a command's outcome is over HTTP. */
public final class CommandAnswer {
    private CommandAnswer() {}

    /** An answer about something that is here, which no cache keeps. */
    public static ResponseEntity.BodyBuilder at(String location, HttpStatus status) {
        return ResponseEntity.status(status).location(URI.create(location)).cacheControl(CacheControl.noStore());
    }

    /**
     * To a command that creates a run.
     *
     * @param location where the route has a run
     * @param tree how it shows one
     * @param pending what it says of one that is not decided yet
     */
    static ResponseEntity<Map<String, @Nullable Object>> created(
            CommandOutcome outcome,
            Function<RunId, String> location,
            Function<RunView, Map<String, @Nullable Object>> tree,
            Function<CommandOutcome.Pending, ResponseEntity<Map<String, @Nullable Object>>> pending) {
        return switch (outcome) {
            case CommandOutcome.Decided decided ->
                at(location.apply(decided.run().runId()), HttpStatus.CREATED).body(tree.apply(decided.run()));
            case CommandOutcome.Already already ->
                at(location.apply(already.run().runId()), HttpStatus.OK)
                        .header("Idempotency-Replayed", "true")
                        .body(tree.apply(already.run()));
            case CommandOutcome.Pending undecided -> pending.apply(undecided);
        };
    }

    /** To a command that ends a run: cancel, or close. */
    public static ResponseEntity<Map<String, @Nullable Object>> ended(CommandOutcome outcome, RunId run, RunJson json) {
        String location = RunJson.location(run);
        return switch (outcome) {
            case CommandOutcome.Already already -> at(location, HttpStatus.OK).body(json.full(already.run()));
            case CommandOutcome.Decided decided ->
                at(location, HttpStatus.ACCEPTED).body(json.full(decided.run()));
            case CommandOutcome.Pending pending ->
                at(location, HttpStatus.ACCEPTED).body(json.pending(run, Optional.empty(), pending.waitingFor()));
        };
    }
}
