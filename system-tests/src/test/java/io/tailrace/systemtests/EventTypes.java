package io.tailrace.systemtests;

import io.tailrace.events.log.EventType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What an EventSource has to be told to listen to: it has no listener for everything. */
final class EventTypes {
    private static final List<String> FRAMES =
            List.of("stream.open", "stream.end", "stream.gap", "stream.reset", "run.notice");

    /** The frames of a stream, and all events that there are: a turn may be dispatched twice, or fail. */
    static final List<String> OF_CHATS = Stream.concat(
                    FRAMES.stream(), Arrays.stream(EventType.values()).map(EventType::wireName))
            .toList();

    private EventTypes() {}
}
