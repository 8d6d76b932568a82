/** Reads the operator's list of providers. */
@NullMarked
package io.tailrace.turn.provider.config;

import org.jspecify.annotations.NullMarked;
