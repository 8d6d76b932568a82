package io.tailrace.gateway.approval;

import io.tailrace.events.command.RunCommand.DecideApproval;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.RunFact.ToolApprovalDecided;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.api.CommandAnswer;
import io.tailrace.gateway.api.RunJson;
import io.tailrace.gateway.command.ApprovalCommands;
import io.tailrace.gateway.problem.ApprovalProblem;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.request.RunPath;
import io.tailrace.gateway.runs.KnownRun;
import io.tailrace.gateway.runs.RunDirectory;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A person's answers over HTTP: a tool may be called, or not. */
@RestController
@RequestMapping(path = "/v1/runs/{id}/approvals/{approval}", produces = MediaType.APPLICATION_JSON_VALUE)
final class ApprovalsController {
    private final RunDirectory directory;
    private final ApprovalLog approvals;
    private final ApprovalCommands commands;
    private final JsonBody body;

    ApprovalsController(RunDirectory directory, ApprovalLog approvals, ApprovalCommands commands, JsonBody body) {
        this.directory = directory;
        this.approvals = approvals;
        this.commands = commands;
        this.body = body;
    }

    @PostMapping("/approve")
    ResponseEntity<Map<String, @Nullable Object>> approve(
            @PathVariable String id, @PathVariable String approval, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        return decide(id, approval, true, request);
    }

    @PostMapping("/deny")
    ResponseEntity<Map<String, @Nullable Object>> deny(
            @PathVariable String id, @PathVariable String approval, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        return decide(id, approval, false, request);
    }

    private ResponseEntity<Map<String, @Nullable Object>> decide(
            String id, String approval, boolean approved, HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException, InterruptedException {
        RunId run = RunPath.run(id);
        Answer answer = Answer.read(body.readIfThere(request));
        KnownRun known = directory.requireKnown(run);
        if (!ApprovalId.isLegal(approval)) {
            throw ApprovalProblem.unknown(run);
        }
        ApprovalId wanted = new ApprovalId(approval);
        Approval before = approvals.find(known, wanted).orElseThrow(() -> ApprovalProblem.unknown(run));
        if (!before.isOpen()) {
            Approval same = requireSame(run, before, approved);
            commands.replayed();
            return accepted(run, ApprovalJson.of(run, same));
        }
        boolean seen = commands.decide(
                run,
                new DecideApproval(wanted, approved, answer.by(), answer.reason()),
                it -> it.status().isFinal() || (it.lastOffset() >= before.openBelow() && !isOpen(it, wanted)));
        if (!seen) {
            return accepted(run, ApprovalJson.pending(run, before, commands.waitingFor(run)));
        }
        // Somebody else may have been quicker, or the run may have ended.
        Approval after = approvals.follow(known.view(), before);
        return accepted(run, ApprovalJson.of(run, requireSame(run, after, approved)));
    }

    private static boolean isOpen(RunView view, ApprovalId id) {
        return view.openApprovals().stream().anyMatch(it -> it.approvalId().equals(id));
    }

    /** What was decided, if that is what this request says. */
    private static Approval requireSame(RunId run, Approval approval, boolean approved) {
        Optional<ToolApprovalDecided> decided = approval.decided();
        if (decided.isEmpty()) {
            throw ApprovalProblem.runEnded(run);
        }
        boolean isSame = decided.get().decision() == (approved ? ApprovalDecision.APPROVED : ApprovalDecision.DENIED);
        if (!isSame) {
            throw ApprovalProblem.decided(decided.get());
        }
        return approval;
    }

    private static ResponseEntity<Map<String, @Nullable Object>> accepted(
            RunId run, Map<String, @Nullable Object> tree) {
        return CommandAnswer.at(RunJson.location(run), HttpStatus.ACCEPTED).body(tree);
    }

    /** What the body says. */
    private record Answer(Optional<String> by, Optional<String> reason) {
        static Answer read(Optional<Object> tree) throws InvalidInput {
            if (tree.isEmpty()) {
                return new Answer(Optional.empty(), Optional.empty());
            }
            Fields fields = Fields.of("", tree.get(), Set.of("by", "reason"));
            return new Answer(
                    fields.text("by", ToolApprovalDecided.MAX_TEXT),
                    fields.string("reason", ToolApprovalDecided.MAX_TEXT).filter(it -> !it.isBlank()));
        }
    }
}
