/** Views: pure mappings from the events of the order to what clients get. */
@NullMarked
package io.tailrace.gateway.view;

import org.jspecify.annotations.NullMarked;
