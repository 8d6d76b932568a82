/** What others are told of this worker's providers and tool servers: the catalogues that the gateways show. */
@NullMarked
package io.tailrace.turn.catalogue;

import org.jspecify.annotations.NullMarked;
