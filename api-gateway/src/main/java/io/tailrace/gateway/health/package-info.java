/** Whether the process lives and can work. */
@NullMarked
package io.tailrace.gateway.health;

import org.jspecify.annotations.NullMarked;
