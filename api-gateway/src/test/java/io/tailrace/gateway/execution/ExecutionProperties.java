package io.tailrace.gateway.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.gateway.events.EventSink;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.testing.WrittenCalls;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.runlog.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds of the view and of the history whatever becomes of an execution. */
class ExecutionProperties {
    private static final ExecutionEvents EVENTS =
            new ExecutionEvents(new EventDecoder(new EventCodec(), (_, _, _) -> {}));
    private static final ExecutionView VIEW =
            new ExecutionView(EVENTS, (_, cursor) -> cursor.sequence() + "." + cursor.index());

    /** An execution, step by step: attempts that are lost, at any place, and every kind of end. */
    @Provide
    Arbitrary<WrittenExecution> executions() {
        return Arbitraries.integers()
                .between(0, 109)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60)
                .map(ExecutionProperties::write);
    }

    private static WrittenExecution write(List<Integer> steps) {
        WrittenExecution written = new WrittenExecution(new RunId("r-generated")).create();
        int done = 0;
        boolean canceling = false;
        written.request();
        boolean claimed = false;
        for (int step : steps) {
            if (!claimed || step < 15) {
                written.claim();
                claimed = true;
            } else if (step < 30) {
                written.prepare();
            } else if (step < 40) {
                written.deltas("a", "b", "c");
            } else if (step < 45) {
                written.unknown();
            } else if (step < 50) {
                written.search();
            } else if (step < 55) {
                written.reuse(step % 2 == 0 ? ReusedAnswer.Reason.CACHE : ReusedAnswer.Reason.RETRY);
            } else if (step < 57) {
                written.requestCancel("enough");
                canceling = true;
            } else if (step < 60) {
                Outcome outcome = canceling ? Outcome.CANCELED : Outcome.FAILED;
                return written.abort(AbortReason.STAGE_DEADLINE, outcome)
                        .finish(outcome)
                        .complete(outcome);
            } else if (step < 62) {
                return written.fail(WrittenExecution.failure("timeout", step % 2 == 0, Map.of("a", "b")))
                        .finish(Outcome.FAILED)
                        .complete(Outcome.FAILED);
            } else if (step < 80) {
                written.answer(WrittenExecution.USAGE).finish(Outcome.SUCCEEDED);
                done++;
                claimed = false;
                if (done == WrittenExecution.PROMPTS) {
                    return written.complete(Outcome.SUCCEEDED);
                }
                written.request();
            } else if (step < 100) {
                call(written, step);
            } else {
                claimed = false;
                paused(written, step);
            }
        }
        return written;
    }

    /** Calls wait, for a person or for a build, and another stage goes on. */
    private static void paused(WrittenExecution written, int step) {
        int round = 1 + step % 2;
        written.say(WrittenCalls.requested(round, 2)).pause(round, 0, 1);
        if (step < 107) {
            written.ask(round, 0).decide(round, 0, ApprovalDecision.APPROVED, Optional.empty());
        }
        if (step > 103) {
            written.build(round, 1, step % 2 == 0 ? Outcome.SUCCEEDED : Outcome.FAILED);
        }
        written.goOn();
        if (step != 105) {
            written.resume(round);
        }
    }

    /** Any part of any of four calls: in any order, of this attempt or of one before, whether that had it or not. */
    private static void call(WrittenExecution written, int step) {
        int round = 1 + step % 2;
        int index = step / 2 % 2;
        switch (step / 4) {
            case 20 -> written.say(WrittenCalls.requested(round, 2));
            case 21 -> written.say(WrittenCalls.started(round, index));
            case 22 -> written.say(WrittenCalls.succeeded(round, index, "r"));
            case 23 -> written.say(WrittenCalls.succeededBefore(round, index, "r"));
            default -> written.say(WrittenCalls.ended(round, index, ToolOutcome.UNKNOWN, "u"));
        }
    }

    /** A frame, and the id that a client sends back after it. */
    private record Frame(String id, String text) {
        String event() {
            return text.lines().findFirst().orElseThrow().substring("event: ".length());
        }

        JsonNode data() {
            return JsonMapper.shared().readTree(text.lines().toList().get(1).substring("data: ".length()));
        }
    }

    /** All frames that a client gets who has the events up to a sequence. */
    private static List<Frame> after(WrittenExecution written, long sequence) {
        List<Frame> frames = new ArrayList<>();
        Execution state = VIEW.before(written.id());
        RunCursor place = written.start();
        for (ReadItem.Numbered item : written.items()) {
            // As a connection does: what the client has is folded, and what that writes is dropped.
            int had = Math.clamp(sequence - item.firstSequence() + 1, 0, item.count());
            if (had > 0) {
                state = VIEW.events(state, place, item, 0, had, new JsonBytes(16));
                place = item.cursorAfter(had);
            }
            if (had < item.count()) {
                JsonBytes out = new JsonBytes(16);
                state = VIEW.events(state, place, item, had, item.count(), out);
                place = item.cursor();
                frames.addAll(parsed(out));
            }
        }
        return frames;
    }

    private static List<Frame> parsed(JsonBytes out) {
        String text = new String(out.toBytes(), StandardCharsets.UTF_8);
        return Stream.of(text.split("\n\n"))
                .filter(it -> !it.isEmpty())
                .map(it -> new Frame(it.substring(it.lastIndexOf("\nid: ") + 5), it))
                .toList();
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(0, id.indexOf('.')));
    }

    @Property(tries = 200)
    void whoeverIsCutOffAtAnyIdGetsTheRest(@ForAll("executions") WrittenExecution written) {
        List<Frame> whole = after(written, 0);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(after(written, sequence(whole.get(i).id)))
                    .as("after %s", whole.get(i))
                    .isEqualTo(whole.subList(i + 1, whole.size()));
        }
    }

    @Property(tries = 200)
    void anyPlaceOfTheRunIsOneToGoOnFrom(@ForAll("executions") WrittenExecution written) {
        List<Frame> whole = after(written, 0);
        long last = written.items().getLast().lastSequence();
        for (long cut = 0; cut <= last; cut++) {
            long at = cut;
            assertThat(after(written, cut))
                    .isEqualTo(whole.stream().filter(it -> sequence(it.id) > at).toList());
        }
    }

    @Property(tries = 200)
    void nothingIsSaidTwiceOfAPromptAndAllInOrder(@ForAll("executions") WrittenExecution written) {
        List<Frame> whole = after(written, 0);
        List<String> ofPrompts = whole.stream()
                .filter(it -> it.data().has("promptId") && !it.event().equals("execution-error"))
                .map(it -> it.data().get("promptId") + " " + it.event() + " "
                        + it.data().path("toolName"))
                .toList();
        assertThat(ofPrompts).doesNotHaveDuplicates();
        Set<String> begun = new java.util.HashSet<>();
        Set<String> called = new java.util.HashSet<>();
        int complete = 0;
        for (Frame frame : whole) {
            String prompt = frame.data().path("promptId").asString("");
            switch (frame.event()) {
                case "prompt-start" -> begun.add(prompt);
                case "prompt-complete" -> {
                    assertThat(begun).contains(prompt);
                    complete++;
                }
                case "progress" ->
                    assertThat(frame.data().get("currentStep").asInt()).isEqualTo(complete);
                case "variable-substitution", "knowledge-retrieval-start", "knowledge-retrieved" ->
                    assertThat(begun).contains(prompt);
                case "tool-execution-start" -> {
                    assertThat(begun).contains(prompt);
                    assertThat(called).doesNotContain(prompt + frame.data().get("toolName"));
                }
                case "tool-execution-complete" -> {
                    assertThat(begun).contains(prompt);
                    called.add(prompt + frame.data().get("toolName"));
                }
                default -> assertThat(frame.event()).startsWith("execution-");
            }
        }
        assertThat(whole.getFirst().event()).isEqualTo("execution-start");
        assertThat(whole.stream().map(Frame::event).filter(it -> it.matches("execution-(complete|error)")))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(whole.stream().map(it -> it.data().get("eventId"))).doesNotHaveDuplicates();
    }

    @Property(tries = 200)
    void theHistoryHasWhatTheStreamTells(@ForAll("executions") WrittenExecution written) throws Exception {
        Rows rows = new Rows();
        ExecutionRows source = new ExecutionRows(EVENTS, written.id(), Set.of());
        for (ReadItem.Numbered item : written.items()) {
            assertThat(source.events(item, 0, rows)).isTrue();
        }
        List<Frame> whole = after(written, 0);
        assertThat(rows.all.stream().map(it -> it.get("eventData")))
                .isEqualTo(whole.stream().map(Frame::data).toList());
        assertThat(rows.all.stream().map(it -> it.get("eventType").asString()))
                .isEqualTo(whole.stream().map(Frame::event).toList());
        assertThat(rows.all.stream().map(it -> it.get("id")))
                .isEqualTo(whole.stream().map(it -> it.data().get("eventId")).toList());
    }

    /** Notes rows down. */
    private static final class Rows implements EventSink {
        private final List<JsonNode> all = new ArrayList<>();

        @Override
        public boolean event(RunCursor after, Text json) throws IOException {
            JsonBytes out = new JsonBytes(256);
            json.write(out);
            return all.add(JsonMapper.shared().readTree(out.toBytes()));
        }

        @Override
        public void gap(long fromSequence, long toSequence) {
            throw new AssertionError("there is none");
        }

        @Override
        public void reset(Delivery.ResetReason reason) {
            throw new AssertionError("there is none");
        }

        @Override
        public void finished() {
            throw new AssertionError("the feed says it, and there is none");
        }

        @Override
        public void upToDate(RunCursor cursor) {
            throw new AssertionError("the feed says it, and there is none");
        }
    }
}
