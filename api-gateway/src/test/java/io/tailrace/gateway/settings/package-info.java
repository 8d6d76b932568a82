/** Tests. */
@NullMarked
package io.tailrace.gateway.settings;

import org.jspecify.annotations.NullMarked;
