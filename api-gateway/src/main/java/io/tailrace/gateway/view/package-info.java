/**
 * Views: what the clients of a stream get. A view owns every frame of its dialect and knows nothing of connections.
 */
@NullMarked
package io.tailrace.gateway.view;

import org.jspecify.annotations.NullMarked;
