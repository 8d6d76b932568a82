/** Tests. */
@NullMarked
package io.tailrace.gateway.command;

import org.jspecify.annotations.NullMarked;
