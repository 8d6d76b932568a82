package io.tailrace.turn.tool.mcp;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the processes of tool servers are kept from the worker and from each other.
 *
 * @param mode {@code auto}, {@code bubblewrap} or {@code trusted-only}, as for builds
 */
@ConfigurationProperties("tailrace.worker.isolation")
public record ServerIsolation(@DefaultValue("auto") Mode mode) {}
