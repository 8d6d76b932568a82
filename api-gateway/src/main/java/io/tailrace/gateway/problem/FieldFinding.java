package io.tailrace.gateway.problem;

/**
 * One thing that was found about a field of a document.
 *
 * @param path of the field, as {@code prompts[1].text}; empty for the whole
 * @param code stable, snake_case
 * @param detail what it is and how to mend it
 */
public record FieldFinding(String path, String code, String detail) {}
