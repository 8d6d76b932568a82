/** Calls of providers as spans, by OpenTelemetry's conventions for generative AI. */
@NullMarked
package io.tailrace.turn.provider.trace;

import org.jspecify.annotations.NullMarked;
