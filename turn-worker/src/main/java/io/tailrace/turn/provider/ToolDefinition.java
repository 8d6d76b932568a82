package io.tailrace.turn.provider;

/**
 * A tool that a model may call.
 *
 * @param name letters, digits, {@code _} and {@code -}, at most 64
 * @param description for the model
 * @param parameters a JSON Schema of an object, as JSON
 */
public record ToolDefinition(String name, String description, String parameters) {}
