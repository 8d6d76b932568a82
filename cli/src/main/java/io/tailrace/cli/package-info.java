/** The tailrace commands. */
@NullMarked
package io.tailrace.cli;

import org.jspecify.annotations.NullMarked;
