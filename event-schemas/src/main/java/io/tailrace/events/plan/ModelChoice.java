package io.tailrace.events.plan;

import java.util.Optional;

/**
 * Which model is to answer.
 *
 * @param provider the id of a provider that the turn-workers have
 * @param model one of its models; the provider's default where absent
 */
public record ModelChoice(String provider, Optional<String> model) {}
