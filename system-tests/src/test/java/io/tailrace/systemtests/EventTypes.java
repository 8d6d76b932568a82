package io.tailrace.systemtests;

import java.util.List;

/** What an EventSource has to be told to listen to: it has no listener for everything. */
final class EventTypes {
    /** The frames of a stream, and the events of a chat whose turns succeed. */
    static final List<String> OF_CHATS = List.of(
            "stream.open",
            "stream.end",
            "stream.gap",
            "stream.reset",
            "run.notice",
            "run.created",
            "run.started",
            "run.close.requested",
            "run.completed",
            "turn.submitted",
            "stage.requested",
            "stage.redispatched",
            "stage.finished",
            "attempt.started",
            "turn.started",
            "context.built",
            "model.delta",
            "turn.usage",
            "turn.checkpointed",
            "turn.completed");

    private EventTypes() {}
}
