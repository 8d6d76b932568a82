package io.tailrace.gateway.environment;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.EnvironmentResult;
import io.tailrace.events.stage.StageFact;
import io.tailrace.gateway.json.DecodedEvent;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.view.ControlFrames;
import io.tailrace.gateway.view.MappedView;
import io.tailrace.gateway.view.SseFrame;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.Rendering;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The view of the environment-build API: every event is {@code event: ade.event} with one flat object. Events that this
 * API does not know make no frame; a client that resumes goes on after the last one that did. Thread-safe.
 */
final class EnvironmentView implements Rendering, MappedView {
    /** Between the cursor and the run in an id. Neither has it. */
    static final char SEPARATOR = '~';

    private static final String EVENT = "ade.event";
    private static final String RUN_SCOPE = "run";
    private static final String BANNER = "Configuration build completed; starting ADE run.";
    private static final int FRAME_BYTES = 512;

    private final EventDecoder decoder;
    private final Tokens tokens;
    private final ControlFrames controls = new ControlFrames(_ -> Optional.empty());

    /** Makes the token of a place in a run. */
    @FunctionalInterface
    interface Tokens {
        String token(RunId run, RunCursor cursor);
    }

    EnvironmentView(EventDecoder decoder, Tokens tokens) {
        this.decoder = decoder;
        this.tokens = tokens;
    }

    @Override
    public Rendering events() {
        return this;
    }

    /** With the run, because a client that sends it with a POST says nothing else of which build it means. */
    @Override
    public String id(RunId run, String token) {
        return token + SEPARATOR + run;
    }

    @Override
    public byte[] open(RunId run, Duration retry, String id) {
        return controls.open(run, retry, id);
    }

    @Override
    public byte[] control(RunId run, Delivery.Control control, String id) {
        return controls.of(run, control, id);
    }

    @Override
    public Rendered render(ReadItem.Numbered item) {
        Optional<DecodedEvent> decoded = decoder.decode(item.record());
        if (decoded.isEmpty()) {
            return (_, _) -> new byte[0];
        }
        if (decoded.get() instanceof DecodedEvent.OfStage(Instant _, BuildFact.ConsoleLines lines)) {
            return (from, to) -> lines(item, decoded.get(), lines, from, to);
        }
        Map<String, @Nullable Object> fields = fields(decoded.get(), item);
        return (_, _) -> {
            JsonBytes out = new JsonBytes(FRAME_BYTES);
            if (!fields.isEmpty()) {
                frame(out, item, decoded.get(), 0, fields);
            }
            return out.toBytes();
        };
    }

    private byte[] lines(ReadItem.Numbered item, DecodedEvent event, BuildFact.ConsoleLines window, int from, int to) {
        JsonBytes out = new JsonBytes((to - from) * FRAME_BYTES);
        String scope = isOfTheBuild(item) ? window.scope() : RUN_SCOPE;
        for (int i = from; i < to; i++) {
            ConsoleLine line = window.lines().get(i);
            frame(out, item, event, i, console(scope, line.stream(), line.text()));
        }
        return out.toBytes();
    }

    private void frame(
            JsonBytes out,
            ReadItem.Numbered item,
            DecodedEvent event,
            int index,
            Map<String, @Nullable Object> fields) {
        RunId run = item.record().run();
        SseFrame.begin(out, EVENT);
        String eventId = item.record().headers().eventId().value();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", fields.get("type"));
        data.put("created_at", WireTree.text(event.occurredAt()));
        data.put("run_id", run.value());
        data.put("build_id", EnvironmentBuild.id(run));
        data.put("event_id", item.count() > 1 ? eventId + "-" + (index + 1) : eventId);
        data.put("sequence", item.firstSequence() + index);
        data.putAll(fields);
        out.value(data);
        SseFrame.end(out, id(run, tokens.token(run, item.cursorAfter(index + 1))));
    }

    /** What is particular to an event, its type included; nothing for an event that this API does not know. */
    private static Map<String, @Nullable Object> fields(DecodedEvent event, ReadItem.Numbered item) {
        return switch (event) {
            case DecodedEvent.OfRun(Instant _, RunFact fact) -> fields(fact);
            case DecodedEvent.OfStage(Instant _, BuildFact fact) -> isOfTheBuild(item) ? fields(fact, item) : Map.of();
            case DecodedEvent.OfStage _ -> Map.of();
        };
    }

    /**
     * Whether an event is the environment's: the run's first stage builds it. What later stages build is another matter,
     * of which this API shows the output.
     */
    private static boolean isOfTheBuild(ReadItem.Numbered item) {
        return item.record()
                .headers()
                .stage()
                .equals(Optional.of(StageId.of(item.record().run(), 1)));
    }

    private static Map<String, @Nullable Object> fields(RunFact fact) {
        return switch (fact) {
            // The steps of a plan go on only if the build before has succeeded.
            case RunFact.StageRequested requested
            when requested.step() == 2 -> console(RUN_SCOPE, ConsoleStream.STDOUT, BANNER);
            case RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _, RunFact.OfApproval _ -> Map.of();
        };
    }

    private static Map<String, @Nullable Object> fields(BuildFact fact, ReadItem.Numbered item) {
        return switch (fact) {
            case BuildFact.BuildCreated created -> created(created);
            case BuildFact.BuildStarted started -> {
                Map<String, @Nullable Object> data = of("build.started");
                data.put("status", "building");
                data.put("reason", lowerCase(started.reason()));
                yield data;
            }
            case BuildFact.BuildPhaseStarted phase -> {
                Map<String, @Nullable Object> data = of("build.phase.started");
                data.put("phase", phase.phase());
                data.put("message", phase.title());
                yield data;
            }
            case BuildFact.BuildPhaseCompleted phase -> {
                Map<String, @Nullable Object> data = of("build.phase.completed");
                data.put("phase", phase.phase());
                data.put("status", lowerCase(phase.status()));
                data.put("duration_ms", phase.duration().toMillis());
                data.put("exit_code", phase.exitCode().orElse(null));
                phase.note().or(() -> phase.failure().map(Failure::message)).ifPresent(it -> data.put("message", it));
                yield data;
            }
            case BuildFact.BuildCompleted completed -> completed(completed);
            case StageFact.StageAborted aborted -> {
                Map<String, @Nullable Object> data = of("build.completed");
                data.put("status", EnvironmentBuild.status(aborted.outcome()));
                data.put("error", aborted.message());
                data.put("exit_code", null);
                yield data;
            }
            case BuildFact.AttemptStarted _ ->
                item.supersedesFrom().isEmpty()
                        ? Map.of()
                        : console(
                                "build",
                                ConsoleStream.STDERR,
                                "The worker of this build was lost; the build has been started again.");
            case BuildFact.ConsoleLines _, StageFact.AttemptReleased _, StageFact.Heartbeat _, StageFact.Tick _ ->
                Map.of();
        };
    }

    private static Map<String, @Nullable Object> created(BuildFact.BuildCreated created) {
        Map<String, @Nullable Object> data = of("build.created");
        data.put("reason", lowerCase(created.reason()));
        data.put("should_build", created.shouldBuild());
        data.put("engine_spec", created.environment().map(it -> it.engineSpec()).orElse(null));
        data.put(
                "engine_version_hint",
                created.environment().flatMap(it -> it.engineVersionHint()).orElse(null));
        data.put("python_bin", created.environment().map(it -> it.pythonBin()).orElse(null));
        return data;
    }

    private static Map<String, @Nullable Object> completed(BuildFact.BuildCompleted completed) {
        Map<String, @Nullable Object> data = of("build.completed");
        data.put("status", EnvironmentBuild.status(completed.status()));
        Map<String, @Nullable Object> env = new LinkedHashMap<>();
        env.put("reason", lowerCase(completed.reason()));
        env.put(
                "should_build",
                completed.environment().map(EnvironmentResult::shouldBuild).orElse(true));
        env.put("force", completed.environment().map(EnvironmentResult::force).orElse(false));
        data.put("env", env);
        if (completed.failure().isPresent()) {
            data.put("error", completed.failure().get().message());
            data.put("exit_code", completed.exitCode().orElse(null));
        }
        return data;
    }

    private static Map<String, @Nullable Object> console(String scope, ConsoleStream stream, String text) {
        Map<String, @Nullable Object> data = of("console.line");
        data.put("scope", scope);
        data.put("stream", lowerCase(stream));
        data.put(
                "level",
                switch (stream) {
                    case STDOUT -> "info";
                    case STDERR -> "warning";
                });
        data.put("message", text);
        return data;
    }

    private static Map<String, @Nullable Object> of(String type) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", type);
        return data;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
