/**
 * One attempt at one stage: the log that it writes, and how it learns that it has to stop.
 */
@NullMarked
package io.tailrace.worker.attempt;

import org.jspecify.annotations.NullMarked;
