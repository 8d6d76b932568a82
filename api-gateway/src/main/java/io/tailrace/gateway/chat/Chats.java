package io.tailrace.gateway.chat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.gateway.command.ChatCommands;
import io.tailrace.gateway.problem.ChatProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import java.time.Duration;

/** Which runs are chats. Blocks, bounded. Thread-safe. */
final class Chats {
    private static final Duration END_WITHIN = Duration.ofSeconds(1);

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
        return chat(run, directory.require(run));
    }

    /**
     * The view of a chat, of which one turn is about to end: who has seen that it failed may be faster than the view, which
     * is waited for a moment.
     *
     * @throws RunProblem as {@link #require(RunId)}
     */
    RunView requireEnded(RunId run, TurnId turn) throws InterruptedException {
        return chat(run, directory.require(run, view -> !isRunning(view, turn), END_WITHIN));
    }

    private static boolean isRunning(RunView view, TurnId turn) {
        return ChatCommands.turn(view, turn)
                .filter(it -> it.status() == TurnStatus.RUNNING)
                .isPresent();
    }

    private static RunView chat(RunId run, RunView view) {
        if (view.plan().chat().isEmpty()) {
            throw ChatProblem.notAChat(run);
        }
        return view;
    }
}
