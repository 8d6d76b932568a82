/** The spans of runs: what operators see of a run in their tracing tool (docs/decisions/031-one-trace-per-run.md). */
@NullMarked
package io.tailrace.service.trace;

import org.jspecify.annotations.NullMarked;
