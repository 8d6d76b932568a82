/** Work requests that workers take through share groups. */
@NullMarked
package io.tailrace.events.work;

import org.jspecify.annotations.NullMarked;
