@NullMarked
package io.tailrace.events.fuzz;

import org.jspecify.annotations.NullMarked;
