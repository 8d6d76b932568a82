/** Measured comparisons on a stack of their own: {@code benchmarks/run NAME}. */
@NullMarked
package io.tailrace.benchmarks;

import org.jspecify.annotations.NullMarked;
