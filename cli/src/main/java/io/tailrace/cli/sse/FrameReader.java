package io.tailrace.cli.sse;

import java.time.Duration;

/** Takes the frames of a stream, on the thread that follows it. */
public interface FrameReader {

    /** What to do after a frame. */
    enum Next {
        GO_ON,
        /** Drop the connection now, whatever it still carries, and connect again from here. */
        CUT,
        /** Nothing more is wanted. */
        STOP
    }

    Next frame(SseFrame frame);

    /**
     * The connection was lost, or not made; it is tried again after the server's {@code retry}.
     *
     * @param patience how long it is tried from now on, before the stream is given up
     */
    default void disconnected(String reason, Duration patience) {}

    /** Connected. */
    default void connected() {}
}
