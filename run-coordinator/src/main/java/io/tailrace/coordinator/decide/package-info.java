/**
 * The pure decider: what a run is and what happens next. No I/O, no clock, no randomness; times and ids come with the
 * input (DESIGN sections 1, 5 and 6).
 */
@NullMarked
package io.tailrace.coordinator.decide;

import org.jspecify.annotations.NullMarked;
