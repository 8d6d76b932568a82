package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import java.util.List;
import java.util.Locale;

/** The problems that only chats have. */
public final class ChatProblem {
    private static final String NOT_ACCEPTED = "The turn was not accepted";

    private ChatProblem() {}

    /** A path segment or parameter that cannot be the id of a turn. */
    public static RunProblem malformedTurnId(String field) {
        return RunProblem.http(
                400,
                "malformed_turn_id",
                "Not a turn id",
                field,
                "A turn id has 4 to 64 characters of a-z, 0-9 and '-', the first a letter or digit.");
    }

    /** A provider that is not in the catalogue, which was made sure of. */
    public static RunProblem unknownProvider(List<String> known) {
        return RunProblem.http(
                404,
                "unknown_provider",
                "No such provider",
                known.isEmpty()
                        ? "No turn-worker has recorded its providers yet."
                        : "No provider has this id. Known are: " + String.join(", ", known) + ".");
    }

    /** A run that takes no turns. */
    public static RunProblem notAChat(RunId run) {
        return RunProblem.http(409, "not_a_chat", "The run is no chat", "Run " + run + " has no turns: it is no chat.");
    }

    /** A turn that does not exist, which was made sure of. */
    public static RunProblem unknownTurn(String field, RunId run, TurnId turn) {
        return RunProblem.http(404, "unknown_turn", "No such turn", field, "Run " + run + " has no turn " + turn + ".");
    }

    /** A turn for a chat that has ended. */
    public static RunProblem runEnded(RunId run) {
        return RunProblem.http(
                409,
                "run_ended",
                "The run has ended",
                "Run " + run + " has ended and takes no more turns. Create another chat.");
    }

    /** A turn that the coordinator rejected, now or when it was submitted with the same key before. */
    public static RunProblem rejected(TurnView turn) {
        return RunProblem.ofTurn(
                409,
                switch (turn.code().orElse("")) {
                    case "turn_active" -> "turn_active";
                    case "queue_full" -> "queue_full";
                    case "closing" -> "chat_closing";
                    case "interrupted" -> "turn_interrupted";
                    case "canceled" -> "turn_canceled";
                    case "run_canceled" -> "run_canceled";
                    default -> "turn_rejected";
                },
                NOT_ACCEPTED,
                turn.turnId(),
                turn.message().orElse("The coordinator rejected it."));
    }

    /** An idempotency key that stands for another turn. */
    public static RunProblem idempotencyKeyReused(TurnId turn) {
        return RunProblem.http(
                409,
                "idempotency_key_reused",
                "The idempotency key was used for another request",
                "Idempotency-Key",
                "Turn " + turn + " was made with this key from another body. Take another key, or send the same body.");
    }

    /** A retry of a turn that did not fail. */
    public static RunProblem turnNotFailed(TurnId turn, TurnStatus status) {
        return RunProblem.ofTurn(
                409,
                "turn_not_failed",
                "The turn cannot be retried",
                turn,
                "Only failed, canceled and rejected turns can be retried; turn " + turn + " is "
                        + status.name().toLowerCase(Locale.ROOT) + ".");
    }

    /** A retry of a turn whose message the log does not have: it was never accepted, or retention took it. */
    public static RunProblem turnInputUnknown(TurnId turn) {
        return RunProblem.ofTurn(
                409,
                "turn_input_unknown",
                "The log does not have the turn's message",
                turn,
                "The turn was never accepted, or retention has taken its message. Send the message as a new turn.");
    }

    /** A retry of a whole chat. */
    public static RunProblem chatCannotBeRetried(RunId run) {
        return RunProblem.http(
                409,
                "chat_cannot_be_retried",
                "A chat cannot be retried",
                "Run " + run + " is a chat. Retry its turns (POST /v1/runs/" + run + "/turns/{turn}/retry), or create"
                        + " another chat.");
    }

    /** A chat in which no checkpoint was made yet. */
    public static RunProblem noCheckpoint(RunId run) {
        return RunProblem.http(
                404,
                "no_checkpoint",
                "No checkpoint",
                "The log has no checkpoint of this: no turn of run " + run
                        + " has come that far, or retention took it.");
    }

    /** A turn of which nobody knows whether it reached the log. */
    public static RunProblem turnUnconfirmed(boolean hasKey) {
        return RunProblem.unavailable(
                "command_unconfirmed",
                "The log did not confirm the command in time",
                "The turn may still have been recorded, or be recorded later. "
                        + (hasKey
                                ? "Repeat the request with the same Idempotency-Key: at most one turn is made."
                                : "Repeating the request may make a second turn; with an Idempotency-Key it would not."));
    }
}
