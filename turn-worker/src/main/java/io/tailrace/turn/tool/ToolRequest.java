package io.tailrace.turn.tool;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Tool;

/**
 * A call that is to be executed.
 *
 * @param argument the value of the tool's one argument, checked; of a tool of a server all its arguments, a JSON object
 * @param workspace whose run it is
 * @param idempotencyKey the same for each execution of the same call, and for no other call
 * @param maxBytes how much of its result the model is told, in UTF-8
 */
public record ToolRequest(Tool tool, String argument, WorkspaceId workspace, String idempotencyKey, int maxBytes) {}
