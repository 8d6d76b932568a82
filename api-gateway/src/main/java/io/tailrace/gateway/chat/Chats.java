package io.tailrace.gateway.chat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;

/** Which runs are chats. Blocks, bounded. Thread-safe. */
final class Chats {
    private final RunDirectory directory;

    Chats(RunDirectory directory) {
        this.directory = directory;
    }

    /**
     * The current view of a chat.
     *
     * @throws RunProblem {@code not_a_chat}, {@code unknown_run}, or what else keeps it from being told
     */
    RunView require(RunId run) throws InterruptedException {
        RunView view = directory.require(run);
        if (view.plan().chat().isEmpty()) {
            throw ChatProblem.notAChat(run);
        }
        return view;
    }
}
