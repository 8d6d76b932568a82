package io.tailrace.cli.sse;

import java.util.Optional;

/**
 * One dispatched server-sent event.
 *
 * @param event its type, {@code message} when the server gave none
 * @param id the cursor after it; empty when the frame had none
 */
public record SseFrame(String event, Optional<String> id, String data) {}
