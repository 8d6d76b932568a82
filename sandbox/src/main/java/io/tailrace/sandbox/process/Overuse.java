package io.tailrace.sandbox.process;

/**
 * A build used more than its share.
 *
 * @param code stable, in snake_case
 * @param reason what was exceeded, and what to do
 */
public record Overuse(String code, String reason) {}
