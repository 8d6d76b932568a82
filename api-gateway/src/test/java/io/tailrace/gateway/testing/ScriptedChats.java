package io.tailrace.gateway.testing;

import io.tailrace.events.command.RunCommand.SubmitTurn;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.ChatView;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;

/** What a scripted coordinator makes of the turns of chats: the policies reject and enqueue, and that is all. */
final class ScriptedChats {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    private final Producer<byte[], byte[]> producer;
    private final KafkaRecords records;

    ScriptedChats(Producer<byte[], byte[]> producer, KafkaRecords records) {
        this.producer = producer;
        this.records = records;
    }

    RunView created(RunView run) {
        long offset = state(
                run,
                Optional.of(1L),
                new RunFact.RunCreated(
                        run.workspace(),
                        run.kind(),
                        run.title(),
                        run.plan(),
                        run.limits(),
                        run.retryOf(),
                        run.requestDigest()));
        return with(run, RunStatus.IDLE, offset, offset, new ChatView(0, false, List.of()));
    }

    RunView submitted(RunView run, SubmitTurn submit) {
        ChatView chat = run.chat().orElseThrow();
        if (chat.turn(submit.turnId()).isPresent()) {
            return run;
        }
        ChatPlan plan = run.plan().chat().orElseThrow();
        long busy =
                chat.recent().stream().filter(it -> it.finishedAt().isEmpty()).count();
        Optional<String> rejection = Optional.empty();
        if (chat.closing()) {
            rejection = Optional.of("closing");
        } else if (run.status() == RunStatus.CANCELING) {
            rejection = Optional.of("run_canceled");
        } else if (busy > 0) {
            rejection = switch (plan.policy()) {
                case REJECT -> Optional.of("turn_active");
                case ENQUEUE, INTERRUPT -> busy > plan.maxQueued() ? Optional.of("queue_full") : Optional.empty();
            };
        }
        List<TurnView> recent = new ArrayList<>(chat.recent());
        if (rejection.isPresent()) {
            recent.add(turn(submit.turnId(), TurnStatus.REJECTED, Optional.empty(), rejection, Optional.empty()));
            return with(run, run.status(), run.firstOffset(), run.lastOffset(), chat(chat, chat.turns(), recent));
        }
        long offset = state(run, Optional.empty(), new RunFact.TurnSubmitted(submit.turnId(), submit.input()));
        recent.add(turn(
                submit.turnId(),
                busy > 0 ? TurnStatus.QUEUED : TurnStatus.RUNNING,
                busy > 0 ? Optional.empty() : Optional.of(chat.turns() + 1),
                Optional.empty(),
                submit.input().retryOf()));
        return with(run, RunStatus.RUNNING, run.firstOffset(), offset, chat(chat, chat.turns() + 1, recent));
    }

    RunView moved(RunView run, TurnId turn, TurnStatus status, Optional<String> code) {
        ChatView chat = run.chat().orElseThrow();
        List<TurnView> recent = new ArrayList<>(chat.recent());
        recent.replaceAll(it -> it.turnId().equals(turn) ? turn(turn, status, it.step(), code, it.retryOf()) : it);
        return with(run, RunStatus.IDLE, run.firstOffset(), run.lastOffset(), chat(chat, chat.turns(), recent));
    }

    RunView closing(RunView run) {
        ChatView chat = run.chat().orElseThrow();
        return with(
                run,
                run.status(),
                run.firstOffset(),
                run.lastOffset(),
                new ChatView(chat.turns(), true, chat.recent()));
    }

    static RunView without(RunView run) {
        ChatView chat = run.chat().orElseThrow();
        return with(run, run.status(), run.firstOffset(), run.lastOffset(), chat(chat, chat.turns(), List.of()));
    }

    private static ChatView chat(ChatView before, int turns, List<TurnView> recent) {
        return new ChatView(turns, before.closing(), recent);
    }

    private static TurnView turn(
            TurnId turn, TurnStatus status, Optional<Integer> step, Optional<String> code, Optional<TurnId> retryOf) {
        boolean active = status == TurnStatus.QUEUED || status == TurnStatus.RUNNING;
        return new TurnView(
                turn,
                status,
                step,
                AT,
                active ? Optional.empty() : Optional.of(AT.plusSeconds(1)),
                code,
                code.map(it -> "because of " + it),
                retryOf);
    }

    private long state(RunView run, Optional<Long> sequence, RunFact fact) {
        RunEvent event = new RunEvent(run.runId(), EventId.of(UUID.randomUUID()), Optional.empty(), sequence, AT, fact);
        try {
            return producer.send(records.runEvent(event)).get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot write a fact", e);
        }
    }

    private static RunView with(RunView it, RunStatus status, long firstOffset, long lastOffset, ChatView chat) {
        return new RunView(
                it.runId(),
                it.workspace(),
                it.kind(),
                it.title(),
                status,
                it.createdAt(),
                it.startedAt(),
                it.completedAt(),
                it.cancelRequestedAt(),
                it.retryOf(),
                it.failure(),
                it.plan(),
                it.limits(),
                it.stages(),
                it.requestDigest(),
                it.partition(),
                firstOffset,
                it.numbered(),
                lastOffset,
                Optional.of(chat));
    }
}
