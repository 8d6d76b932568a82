/** Tests. */
@NullMarked
package io.tailrace.gateway.registry;

import org.jspecify.annotations.NullMarked;
