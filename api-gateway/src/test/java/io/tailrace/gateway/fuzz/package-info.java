/** Strange requests in large numbers. */
@NullMarked
package io.tailrace.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
