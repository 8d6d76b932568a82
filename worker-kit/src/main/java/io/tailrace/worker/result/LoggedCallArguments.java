package io.tailrace.worker.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact.TurnPaused;
import io.tailrace.events.stage.TurnFact.WaitingCall;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments by their positions, and believes no position: the record there has to be the pause of that stage of that
 * run, and to have that call. Safe from any thread.
 */
public final class LoggedCallArguments implements CallArguments {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final PositionReader reader;
    private final EventCodec codec;

    public LoggedCallArguments(PositionReader reader, EventCodec codec) {
        this.reader = reader;
        this.codec = codec;
    }

    @Override
    public Map<String, String> texts(RunId run, ToolBuild call) throws ResultUnavailable {
        if (call.position().topic() != Topic.TURN_EVENTS || !call.stage().run().equals(run)) {
            throw ResultUnavailable.other(call);
        }
        Found found = reader.read(call.position()).orElseThrow(() -> ResultUnavailable.gone(call));
        return decode(found.value())
                .filter(it -> it.stageId().equals(Optional.of(call.stage())))
                .flatMap(it -> arguments(it, call))
                .flatMap(LoggedCallArguments::texts)
                .orElseThrow(() -> ResultUnavailable.other(call));
    }

    private static Optional<String> arguments(TurnEvent event, ToolBuild call) {
        return event.payload() instanceof TurnPaused paused
                ? paused.calls().stream()
                        .filter(it ->
                                it.call().round() == call.round() && it.call().index() == call.index())
                        .map(WaitingCall::arguments)
                        .findFirst()
                : Optional.empty();
    }

    /** A JSON object of texts, each name once; nothing at all stands for one without fields. */
    private static Optional<Map<String, String>> texts(String arguments) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (arguments.isBlank()) {
            return Optional.of(texts);
        }
        try (JsonParser parser = JSON.createParser(arguments)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    return Optional.empty();
                }
                texts.put(name, parser.getText());
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null
                    ? Optional.of(texts)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<TurnEvent> decode(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(Topic.TURN_EVENTS, TurnEvent.class, value));
        } catch (UndecodableRecord e) {
            return Optional.empty();
        }
    }
}
