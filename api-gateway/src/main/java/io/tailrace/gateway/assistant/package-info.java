/** Assistants: prompts with variables, kept in versions, checked, and run. */
@NullMarked
package io.tailrace.gateway.assistant;

import org.jspecify.annotations.NullMarked;
