/** The run page: what a browser shows at the gateway's root. */
@NullMarked
package io.tailrace.gateway.page;

import org.jspecify.annotations.NullMarked;
