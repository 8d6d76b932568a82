/** The catalogue of runs: a tail of the topic of views, held in memory. */
@NullMarked
package io.tailrace.gateway.runs;

import org.jspecify.annotations.NullMarked;
