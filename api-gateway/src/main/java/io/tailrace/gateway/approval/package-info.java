/** Calls of tools that people are asked about: looked up in the log, and answered. */
@NullMarked
package io.tailrace.gateway.approval;

import org.jspecify.annotations.NullMarked;
