/** A service's life: that it is ready is said once; what ends it does so in order, and within a bound. */
@NullMarked
package io.tailrace.service.life;

import org.jspecify.annotations.NullMarked;
