package io.tailrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.chat.TurnBoard;
import io.tailrace.cli.display.ChatPrinter;
import io.tailrace.cli.display.Terminal;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.RunFrame;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.local.stack.StackMember;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The demo's chat of two turns. Two watchers follow it: one is shown, and loses its connection in the middle of the first
 * answer; the other is left alone. In the middle of the second answer its worker is killed.
 */
final class ChatPart {

    private static final CutPoint CUT = CutPoint.words(20);
    private static final int KILLED_AFTER = 18;

    private final GatewayClient client;
    private final DemoChat chat;
    private final TurnBoard turns = new TurnBoard();
    private final WorkerKill kill;
    private final CutWatch seen;
    private final UncutWatch uncut;

    /** @param processes the process behind a worker's id; empty if the demo has not started it */
    ChatPart(GatewayClient client, DemoChat chat, Function<String, Optional<StackMember>> processes, PrintStream out) {
        this.client = client;
        this.chat = chat;
        ChatPrinter printer = new ChatPrinter(Terminal.colours());
        this.seen = new CutWatch(client, printer, out, CUT, this::shown);
        this.uncut = new UncutWatch(client);
        this.kill = new WorkerKill(chat.second().question(), KILLED_AFTER, processes, seen::remark);
    }

    private void shown(RunFrame frame) {
        if (frame.isEvent()) {
            kill.event(WatchedEvent.of(frame.data()));
        }
        turns.frame(frame);
    }

    /**
     * Blocks until the chat has ended.
     *
     * @param secondWorker done when there is a worker that can go on for the one that is killed
     */
    ChatShown show(Future<?> secondWorker) throws IOException, InterruptedException {
        String run = client.create(chat.request(), Optional.empty());
        ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<?> first = watchers.submit(() -> follow(run, seen));
            Future<?> second = watchers.submit(() -> follow(run, uncut));
            ask(run, chat.first());
            await(secondWorker);
            ask(run, chat.second());
            JsonNode _ = client.closeChat(run);
            await(first);
            await(second);
        } finally {
            watchers.shutdownNow();
        }
        List<JsonNode> conversation = new ArrayList<>();
        client.messages(run, Optional.empty()).path("turns").forEach(conversation::add);
        ChatProof proof = new ChatProof(
                chat, seen.events(), uncut.events(), WatchedEvent.logged(client, run), conversation, kill.killed());
        return new ChatShown(run, seen.cut(), seen.missedMeanwhile(), proof);
    }

    private void ask(String run, DemoChat.Turn turn) throws InterruptedException {
        JsonNode submitted =
                client.submitTurn(run, turn.request(), UUID.randomUUID().toString());
        turns.submitted(submitted.path("turn_id").asText());
        turns.awaitAll();
    }

    /** On a thread of its own. */
    private Void follow(String run, FrameReader watch) throws IOException, InterruptedException {
        try {
            client.stream(run, Optional.empty()).follow(watch);
            return null;
        } finally {
            if (watch == seen) {
                turns.over();
            }
        }
    }

    private static void await(Future<?> work) throws IOException, InterruptedException {
        try {
            work.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException lost -> throw lost;
                case RuntimeException ours -> throw ours;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }
}
