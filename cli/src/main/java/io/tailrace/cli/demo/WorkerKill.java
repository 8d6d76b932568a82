package io.tailrace.cli.demo;

import io.tailrace.local.stack.StackMember;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Kills the worker that writes the answer to one question, in the middle of it, once. It is told each event when a watcher
 * has seen it. Confined to the thread that follows the watcher's stream.
 */
final class WorkerKill {

    private final String question;
    private final int afterPieces;
    private final Function<String, Optional<StackMember>> processes;
    private final Consumer<String> remarks;
    private Optional<WatchedEvent> begun = Optional.empty();
    private boolean answering;
    private int pieces;
    private Optional<Killed> killed = Optional.empty();

    /**
     * What was killed.
     *
     * @param process its name in the stack
     * @param begun the {@code attempt.started} of the attempt that died with it
     * @param pieces of the answer that its watcher had seen
     */
    record Killed(String process, long pid, WatchedEvent begun, int pieces) {}

    /**
     * @param afterPieces of the answer, the kill comes
     * @param processes the process behind a worker's id; empty if it is not ours to kill
     * @param remarks what is said to the person who watches
     */
    WorkerKill(
            String question,
            int afterPieces,
            Function<String, Optional<StackMember>> processes,
            Consumer<String> remarks) {
        this.question = question;
        this.afterPieces = afterPieces;
        this.processes = processes;
        this.remarks = remarks;
    }

    void event(WatchedEvent event) {
        switch (event.type()) {
            case "attempt.started" -> begun = Optional.of(event);
            case "turn.started" ->
                answering = event.attempt() == 1
                        && event.payload().path("text").asText().equals(question);
            case "model.delta" -> {
                if (answering && event.isAnswerText() && ++pieces == afterPieces) {
                    begun.ifPresent(this::kill);
                }
            }
            default -> {
                // It says nothing of who writes.
            }
        }
    }

    private void kill(WatchedEvent attempt) {
        processes
                .apply(attempt.worker())
                .ifPresentOrElse(
                        process -> {
                            killed = Optional.of(new Killed(process.name(), process.pid(), attempt, pieces));
                            process.kill();
                            remarks.accept("kill -9 " + killed.get().pid() + ": " + process.name()
                                    + ", in the middle of its answer");
                        },
                        () -> remarks.accept(attempt.worker()
                                + " writes this answer. This demo has not started it, and does not kill it"));
    }

    Optional<Killed> killed() {
        return killed;
    }
}
