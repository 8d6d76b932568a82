package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import java.util.Optional;

/**
 * Which model is to answer.
 *
 * @param provider the id of a provider that the turn-workers have
 * @param model one of its models; the provider's default where absent
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record ModelChoice(String provider, Optional<String> model) {}
