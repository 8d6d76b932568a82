/** Executions of assistants: a run of an assistant as the events of the assistants' contract, live and stored. */
@NullMarked
package io.tailrace.gateway.execution;

import org.jspecify.annotations.NullMarked;
