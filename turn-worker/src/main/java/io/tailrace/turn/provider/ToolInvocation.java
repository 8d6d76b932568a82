package io.tailrace.turn.provider;

/**
 * A tool call that a model made.
 *
 * @param id unique in the conversation
 * @param name of the tool
 * @param arguments a JSON object, as the model wrote it: not checked against the tool's schema
 */
public record ToolInvocation(String id, String name, String arguments) {}
