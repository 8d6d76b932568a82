/** The gateway's process: what it is made of. */
@NullMarked
package io.tailrace.gateway;

import org.jspecify.annotations.NullMarked;
