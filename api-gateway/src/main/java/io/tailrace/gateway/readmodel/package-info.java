/** Compacted topics that the gateway holds in memory: how they are followed, and how far they have been read. */
@NullMarked
package io.tailrace.gateway.readmodel;

import org.jspecify.annotations.NullMarked;
