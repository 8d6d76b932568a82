package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.text.Excerpt;
import io.tailrace.runlog.CursorRefused;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a client is told of as a problem document (RFC 9457): a status, a stable code, the field that is at
 * fault, and what to do about it. Thrown through the web layer; {@link ProblemMapping} makes the answer.
 */
public final class RunProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code of a cursor that was made for another run. */
    public static final String FOREIGN_CURSOR = "foreign_cursor";

    /** The code of {@link #unknownRun}. */
    public static final String UNKNOWN_RUN = "unknown_run";

    private final int status;
    private final String code;
    private final String title;
    private final String field;
    private final Duration retryAfter;
    private final String turn;
    private final transient List<FieldFinding> errors;

    private RunProblem(
            int status,
            String code,
            String title,
            String field,
            String detail,
            Duration retryAfter,
            String turn,
            List<FieldFinding> errors,
            @Nullable Throwable cause) {
        // An answer, not a fault of this process: nobody reads its stack trace.
        super(detail, cause, false, false);
        this.status = status;
        this.code = code;
        this.title = title;
        this.field = field;
        this.retryAfter = retryAfter;
        this.turn = turn;
        this.errors = List.copyOf(errors);
    }

    private static RunProblem of(int status, String code, String title, String detail) {
        return new RunProblem(status, code, title, "", detail, Duration.ZERO, "", List.of(), null);
    }

    private static RunProblem ofField(int status, String code, String title, String field, String detail) {
        return new RunProblem(status, code, title, field, detail, Duration.ZERO, "", List.of(), null);
    }

    static RunProblem unavailable(String code, String title, String detail) {
        return unavailable(code, title, detail, null);
    }

    static RunProblem unavailable(String code, String title, String detail, @Nullable Throwable cause) {
        return new RunProblem(503, code, title, "", detail, Duration.ofSeconds(1), "", List.of(), cause);
    }

    /** What is about one turn of a chat. */
    static RunProblem ofTurn(int status, String code, String title, TurnId turn, String detail) {
        return new RunProblem(status, code, title, "", detail, Duration.ZERO, turn.value(), List.of(), null);
    }

    /** What is wrong with several fields of one document. */
    static RunProblem ofFindings(String code, String title, String field, String detail, List<FieldFinding> errors) {
        return new RunProblem(422, code, title, field, detail, Duration.ZERO, "", errors, null);
    }

    /** A body, query parameter or header that breaks a rule. */
    public static RunProblem invalidInput(InvalidInput input) {
        return ofField(
                input.isWellFormed() ? 422 : 400,
                input.code(),
                "The request is not valid",
                input.field(),
                input.reason());
    }

    /** A query parameter, header or body field that breaks a rule. */
    public static RunProblem invalid(String code, String field, String detail) {
        return ofField(400, code, "The request is not valid", field, detail);
    }

    /** What cannot be the id of a run. */
    public static RunProblem malformedRunId(String field) {
        return ofField(
                400,
                "malformed_run_id",
                "Not a run id",
                field,
                "A run id has 4 to 64 characters of a-z, 0-9 and '-', the first a letter or digit.");
    }

    /** A cursor that is none, or that was made for another run. */
    public static RunProblem malformedCursor(String field, String reason) {
        return ofField(400, "malformed_cursor", "Not a cursor", field, "The cursor cannot be used: " + reason + ".");
    }

    /** A cursor that the log does not take. */
    public static RunProblem cursorRefused(String field, CursorRefused refused) {
        return refused.isForeign()
                ? foreignCursor(field)
                : malformedCursor(field, String.valueOf(refused.getMessage()));
    }

    /** A cursor of another run. */
    public static RunProblem foreignCursor(String field) {
        return ofField(400, FOREIGN_CURSOR, "A cursor of another run", field, "The cursor was made for another run.");
    }

    /** A run that does not exist, which was made sure of. */
    public static RunProblem unknownRun(RunId run) {
        return of(404, UNKNOWN_RUN, "No such run", "There is no run " + run + ".");
    }

    /** A definition that the operator does not offer. */
    public static RunProblem unknownDefinition(String field, Collection<String> known) {
        String offer = known.isEmpty() ? "There are none here." : "Known are: " + String.join(", ", known) + ".";
        return ofField(422, "unknown_definition", "No such definition", field, "No definition has this name. " + offer);
    }

    /** A configuration that does not exist, which was made sure of. */
    public static RunProblem unknownConfiguration(WorkspaceId workspace, String id) {
        return of(
                404,
                "unknown_configuration",
                "No such configuration",
                "There is no configuration " + id + " in the workspace " + workspace + ".");
    }

    /** A step of a plan that names a configuration which does not exist. */
    public static RunProblem unknownConfigurationIn(String field, String id) {
        return ofField(
                422,
                "unknown_configuration",
                "No such configuration",
                field,
                "There is no configuration " + id + " in this workspace. Upload it first.");
    }

    /** A build that does not exist, which was made sure of. */
    public static RunProblem unknownBuild(String build) {
        return of(
                404,
                "unknown_build",
                "No such build",
                "This configuration has no build " + Excerpt.printable(build, 100) + ".");
    }

    /** A schema that was never released. */
    public static RunProblem unknownSchema() {
        return of(404, "unknown_schema", "No such schema", "No schema has this id.");
    }

    /** A version that a configuration does not have. */
    public static RunProblem unknownVersion(String id) {
        return of(404, "unknown_version", "No such version", "The configuration " + id + " has no such version.");
    }

    /** An upload that is no archive, or a dangerous one. */
    public static RunProblem unusableArchive(String code, String detail) {
        return of(422, code, "The archive cannot be taken", detail);
    }

    /** An archive named by a path that is not below one of the operator's roots, or is no file. */
    public static RunProblem pathNotAllowed(String field) {
        return ofField(
                403,
                "path_not_allowed",
                "Not a file that may be used",
                field,
                "The path must name a file below a folder that the operator lists in"
                        + " tailrace.gateway.configurations.roots.");
    }

    /** An upload that the log did not confirm. Sending it again is safe. */
    public static RunProblem artifactUnconfirmed() {
        return unavailable(
                "upload_unconfirmed",
                "The log did not confirm the upload",
                "The upload may or may not have been stored. Sending the same again is safe.");
    }

    /** A definition that is there, but for another recipe. */
    public static RunProblem definitionOfAnotherRecipe(String field, String name, String recipe) {
        return ofField(
                422,
                "definition_of_another_recipe",
                "The definition is for another recipe",
                field,
                "The definition \"" + name + "\" is for the recipe \"" + recipe + "\".");
    }

    /** Phases in a request where the operator allows definitions only. */
    public static RunProblem adhocPhasesDisabled(String field) {
        return ofField(
                403,
                "adhoc_phases_disabled",
                "Phases in a request are not allowed",
                field,
                "This server runs the operator's definitions only; name one in \"definition\". (An operator switches"
                        + " phases in requests on with tailrace.gateway.adhoc-phases=true.)");
    }

    /** An idempotency key that stands for another request. */
    public static RunProblem idempotencyKeyReused(RunId run) {
        return ofField(
                409,
                "idempotency_key_reused",
                "The idempotency key was used for another request",
                "Idempotency-Key",
                "Run " + run + " was made with this key from another body. Take another key, or send the same body.");
    }

    /** A cancel that comes too late. */
    public static RunProblem runFinished(RunId run, RunStatus status) {
        return of(
                409,
                "run_finished",
                "The run has ended",
                "Run " + run + " has ended already (" + wire(status) + ") and cannot be canceled.");
    }

    /** A retry of a run that did not fail. */
    public static RunProblem runNotRetryable(RunId run, RunStatus status) {
        return of(
                409,
                "run_not_retryable",
                "The run cannot be retried",
                "Only failed and canceled runs can be retried; run " + run + " is " + wire(status) + ".");
    }

    /** A body over the limit. */
    public static RunProblem bodyTooLarge(long maxBytes) {
        return of(413, "body_too_large", "The body is too large", "At most " + maxBytes + " bytes are allowed.");
    }

    /** A body that comes so slowly that it keeps others waiting. */
    public static RunProblem bodyTooSlow() {
        return of(408, "request_timeout", "The request took too long", "The body did not arrive in time.");
    }

    /** A command that surely did not reach the log. */
    public static RunProblem logUnreachable() {
        return unavailable(
                "log_unreachable",
                "The log cannot be reached",
                "Nothing was done: the command was not sent. Try again in a moment.");
    }

    /** A command of which nobody knows whether it reached the log. */
    public static RunProblem commandUnconfirmed(boolean creates, boolean hasKey) {
        String repeat = creates
                ? hasKey
                        ? "Repeat the request with the same Idempotency-Key: at most one run is made."
                        : "Repeating the request may make a second run; with an Idempotency-Key it would not."
                : "Repeating the request does no harm.";
        return unavailable(
                "command_unconfirmed",
                "The log did not confirm the command in time",
                "The command may still have been recorded, or be recorded later. " + repeat);
    }

    /** Events that cannot be read because the log does not give them; the cause is for whoever operates this gateway. */
    public static RunProblem logUnreadable(Throwable cause) {
        return unavailable(
                "log_unreadable",
                "The log cannot be read",
                "The log did not answer in time. Try again in a moment.",
                cause);
    }

    /** A run that is not there yet: its creation is recorded, or can be, and is not decided. */
    public static RunProblem decisionPending(String detail) {
        return unavailable("decision_pending", "The run is not there yet", detail);
    }

    /** An upload more than this gateway reads at the same time. */
    public static RunProblem tooManyUploads() {
        return unavailable(
                "too_many_uploads",
                "This gateway is reading as many uploads as it may",
                "Try again in a moment, or at another gateway.");
    }

    /** A question that cannot be answered because this gateway does not know yet what the log has. */
    public static RunProblem catalogueBehind() {
        return unavailable(
                "catalogue_behind",
                "This gateway has not caught up with the log",
                "It cannot tell yet what the log has. Try again in a moment.");
    }

    /** A list that cannot be given because this gateway has not read the catalogue yet. */
    public static RunProblem catalogueLoading() {
        return unavailable(
                "catalogue_loading", "This gateway is still reading the catalogue of runs", "Try again in a moment.");
    }

    /** A request that the access policy does not allow. */
    public static RunProblem forbidden(String detail) {
        return of(403, "forbidden", "Not allowed", detail);
    }

    /** A request that calls the server by a name that is not its own. */
    public static RunProblem hostNotAllowed() {
        return ofField(
                403,
                "host_not_allowed",
                "Not a name of this server",
                "Host",
                "Call the server by a name of the loopback interface, or let the operator add the name to"
                        + " tailrace.gateway.allowed-hosts.");
    }

    /** A request from a web page of an origin that may not use the API. */
    public static RunProblem originNotAllowed() {
        return ofField(
                403,
                "origin_not_allowed",
                "Not allowed from this origin",
                "Origin",
                "Web pages of this origin may not use the API in this way. (An operator lists origins in"
                        + " tailrace.gateway.cors-origins.)");
    }

    /** A request without the credentials that the access policy asks for. */
    public static RunProblem unauthenticated(String detail) {
        return of(401, "unauthenticated", "Credentials are needed", detail);
    }

    /** What HTTP itself is about: no such route, method, media type, header. */
    static RunProblem http(int status, String code, String title, String detail) {
        return of(status, code, title, detail);
    }

    /** What HTTP itself is about, with the parameter or header at fault. */
    static RunProblem http(int status, String code, String title, String field, String detail) {
        return ofField(status, code, title, field, detail);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Stable, snake_case. */
    public String code() {
        return code;
    }

    /** What kind of problem it is; the same for all problems of a code. */
    public String title() {
        return title;
    }

    /** The path of the body's field, or the name of the parameter or header, that is at fault. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** The id of the turn that it is about, if it is about one. */
    public Optional<String> turn() {
        return turn.isEmpty() ? Optional.empty() : Optional.of(turn);
    }

    /** All that is wrong, where one document can have several errors; empty elsewhere. */
    public List<FieldFinding> errors() {
        return errors;
    }

    /** What is wrong in this case and how to mend it. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** When to try again, where trying again can help. */
    public Optional<Duration> retryAfter() {
        return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
    }

    private static String wire(RunStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
